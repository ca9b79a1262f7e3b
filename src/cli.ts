import path from 'node:path';
import { run } from './cli/run';
import { printable } from './cli/printable';
import { parseInvocation } from './cli/usage';
import { UsageError } from './cli/usageError';
import { asFailure } from './shared/failure';

const FAILED = 1;
const WRONG_USAGE = 2;

// A reader that went away, such as `head`, has all it wants.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    report(error);
  }
  process.exit();
});

/** `headlight …`: a thin second host over the engine, for scripts and shells. */
async function main(): Promise<void> {
  try {
    await run(parseInvocation(process.argv.slice(2)), {
      root: path.dirname(__dirname),
      interruptible,
      stdin: process.stdin,
      out: (text) => process.stdout.write(text),
      note: (text) => process.stderr.write(`headlight: ${printable(text)}\n`),
    });
  } catch (error) {
    report(error);
  }
}

/** From now on the first Ctrl+C aborts a signal instead of ending the process. */
function interruptible(): AbortSignal {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  return interrupted.signal;
}

/** Says in one line what went wrong, and sets the exit status. */
function report(error: unknown): void {
  process.exitCode = error instanceof UsageError ? WRONG_USAGE : FAILED;
  const { message } = error instanceof UsageError ? error : asFailure(error);
  const hint = error instanceof UsageError ? '; see headlight --help' : '';
  const line = printable(message.replaceAll(/\s*\n\s*/g, ' '));
  process.stderr.write(`headlight: ${line}${hint}\n`);
}

void main();
