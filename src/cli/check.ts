import type { Engine } from '../engine/engine';
import type { CheckReport } from '../shared/modelCheck';
import { DONE, FOUND, STOPPED, type ExitStatus } from './exitStatus';
import { formatCheck } from './show';
import { toJsonLine, type Terminal } from './terminal';
import type { InvocationOf } from './usage';

/**
 * Says what is wrong with a model.
 * @throws Failure where it could not be looked at.
 */
export async function check(
  engine: Engine,
  { path, json }: InvocationOf<'check'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const signal = terminal.interruptible();
  let found: CheckReport;
  try {
    found = await engine.check({ path }, { signal, report: () => undefined });
  } catch (error) {
    if (signal.aborted) {
      terminal.note('stopped before all was looked at');
      return STOPPED;
    }
    throw error;
  }
  terminal.out(json ? toJsonLine(found) : formatCheck(found));
  return found.findings.some(({ severity }) => severity !== 'note') ? FOUND : DONE;
}
