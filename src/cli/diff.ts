import type { Engine } from '../engine/engine';
import type { ModelDiff } from '../shared/modelDiff';
import { DONE, FOUND, STOPPED, type ExitStatus } from './exitStatus';
import { formatDiff } from './show';
import { readSource } from './source';
import { toJsonLine, type Terminal } from './terminal';
import type { InvocationOf } from './usage';

/**
 * Says how two models differ.
 * @throws Failure where one of them cannot be read.
 */
export async function diff(
  engine: Engine,
  { a, b, source, run, json }: InvocationOf<'diff'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const text = source === undefined ? {} : { text: await readSource(source, 'diff', terminal) };
  const signal = terminal.interruptible();
  let found: ModelDiff;
  try {
    found = await engine.diff(
      { a, b, ...(run ? { run: text } : {}) },
      { signal, report: () => undefined },
    );
  } catch (error) {
    if (signal.aborted) {
      terminal.note('stopped before all was compared');
      return STOPPED;
    }
    throw error;
  }
  terminal.out(json ? toJsonLine(found) : formatDiff(found));
  return found.differs ? FOUND : DONE;
}
