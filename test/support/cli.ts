import { Readable } from 'node:stream';
import { run } from '../../src/cli/run';
import { parseInvocation } from '../../src/cli/usage';
import { listen } from './engine/models';
import { root } from './root';

/** What came of a command line. */
export interface CommandResult {
  status: number;
  written: string;
  notes: string[];
}

/**
 * Carries out a command line in this process.
 * @param input what standard input brings.
 * @param onWrite hears of each piece that is written.
 */
export async function runCommand(
  args: readonly string[],
  input: string | Uint8Array = '',
  onWrite: () => void = () => undefined,
  signal = new AbortController().signal,
): Promise<CommandResult> {
  const written: string[] = [];
  const notes: string[] = [];
  const status = await run(parseInvocation([...args]), {
    root,
    engine: listen().engine,
    interruptible: () => signal,
    stdin: Readable.from([input]),
    out: (text) => {
      written.push(text);
      onWrite();
    },
    note: (text) => notes.push(text),
  });
  return { status, written: written.join(''), notes };
}
