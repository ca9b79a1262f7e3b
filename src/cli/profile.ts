import type { Engine } from '../engine/engine';
import type { ModelProfile } from '../shared/modelProfile';
import { DONE, STOPPED, type ExitStatus } from './exitStatus';
import { formatProfile } from './show';
import { readSource } from './source';
import { toJsonLine, type Terminal } from './terminal';
import type { InvocationOf } from './usage';

/**
 * Says where the time of a model goes.
 * @throws Failure where it cannot be run.
 */
export async function profile(
  engine: Engine,
  { path, source, runs, json }: InvocationOf<'profile'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const text = source === undefined ? {} : { text: await readSource(source, 'profile', terminal) };
  const signal = terminal.interruptible();
  let found: ModelProfile;
  try {
    found = await engine.profile(
      { path, ...text, ...(runs === undefined ? {} : { runs }) },
      { signal, report: () => undefined },
    );
  } catch (error) {
    if (signal.aborted) {
      terminal.note('stopped before all was measured');
      return STOPPED;
    }
    throw error;
  }
  terminal.out(json ? toJsonLine(found) : formatProfile(found));
  return DONE;
}
