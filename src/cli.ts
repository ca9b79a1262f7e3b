import path from 'node:path';
import { run } from './cli/run';
import { parseInvocation, UsageError } from './cli/usage';
import { asFailure } from './shared/failure';

const FAILED = 1;
const WRONG_USAGE = 2;

/** `headlight …`: a thin second host over the engine, for scripts and shells. */
async function main(): Promise<void> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  try {
    await run(parseInvocation(process.argv.slice(2)), {
      root: path.dirname(__dirname),
      signal: interrupted.signal,
      stdin: process.stdin,
      out: (text) => process.stdout.write(text),
    });
  } catch (error) {
    process.exitCode = error instanceof UsageError ? WRONG_USAGE : FAILED;
    const { message } = error instanceof UsageError ? error : asFailure(error);
    const hint = error instanceof UsageError ? '; see headlight --help' : '';
    process.stderr.write(`headlight: ${message.replaceAll(/\s*\n\s*/g, ' ')}${hint}\n`);
  }
}

void main();
