import path from 'node:path';
import { FAILED, STOPPED, WRONG_USAGE } from './cli/exitStatus';
import { ForkedEngine } from './cli/forkedEngine';
import { run } from './cli/run';
import { printable, printableText } from './shared/printable';
import { parseInvocation } from './cli/usage';
import { withShellAdvice } from './cli/shellAdvice';
import { UsageError } from './cli/usageError';
import { asFailure } from './shared/failure';

/** How long what was stopped may take to end before a line says that it takes its time. */
const STOPPING_MS = 1000;

const interrupted = new AbortController();
let stopping: NodeJS.Timeout | undefined;

// A reader that went away, such as `head`, has all it wants.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    report(error);
  }
  process.exit();
});

/** `headlight …`: a thin second host over the engine, for scripts and shells. */
async function main(): Promise<void> {
  const root = path.dirname(__dirname);
  const forked = new ForkedEngine(root);
  try {
    process.exitCode = await run(parseInvocation(process.argv.slice(2)), {
      root,
      engine: forked.engine,
      interruptible,
      stdin: process.stdin,
      // A file or a program takes the bytes as they are; a terminal would obey some of them.
      out: (text) => process.stdout.write(process.stdout.isTTY ? printableText(text) : text),
      note,
    });
  } catch (error) {
    // An engine that has only just been started does not know yet that Ctrl+C is not for it.
    if (interrupted.signal.aborted && asFailure(error).kind === 'engine') {
      process.exitCode = STOPPED;
      note('stopped before any text came');
    } else {
      report(error);
    }
  } finally {
    clearTimeout(stopping);
    forked.end();
  }
}

/**
 * From now on the first Ctrl+C aborts a signal instead of ending the process. The second ends it at
 * once, and the engine, which may be too busy to stop, ends with it.
 */
function interruptible(): AbortSignal {
  process.once('SIGINT', () => {
    interrupted.abort();
    stopping = setTimeout(
      () => note('stopping; press Ctrl+C once more to end it at once'),
      STOPPING_MS,
    );
  });
  return interrupted.signal;
}

/** Writes one line that is not the answer. */
function note(text: string): void {
  process.stderr.write(`headlight: ${printable(text)}\n`);
}

/** Says in one line what went wrong, and sets the exit status. */
function report(error: unknown): void {
  process.exitCode = error instanceof UsageError ? WRONG_USAGE : FAILED;
  const { message } = error instanceof UsageError ? error : withShellAdvice(asFailure(error));
  const hint = error instanceof UsageError ? '; see headlight --help' : '';
  note(`${message.replaceAll(/\s*\n\s*/g, ' ')}${hint}`);
}

void main();
