// node guard.mjs PROGRAM ARGS…: runs a program and ends its process group when standard input ends.
import { spawn, spawnSync } from 'node:child_process';

const [program, ...args] = process.argv.slice(2);
const windows = process.platform === 'win32';
const patienceMs = 5000;

// npm and VS Code's command line are batch files there, which only a shell starts.
const shell = windows && !program.endsWith('.exe');
/** @param {string} word */
const quoted = (word) => (shell ? `"${word}"` : word);

const child = spawn(quoted(program), args.map(quoted), {
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: !windows,
  shell,
});

child.once('error', (error) => {
  console.error(`${program} does not start: ${error.message}`);
  process.exit(1);
});
child.once('exit', (code) => {
  // What the program started and left running goes with it.
  endGroup('SIGKILL');
  process.exit(code ?? 1);
});

process.stdin.resume();
process.stdin.once('end', end);
process.stdin.once('error', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);

function end() {
  endGroup('SIGTERM');
  setTimeout(() => endGroup('SIGKILL'), patienceMs);
}

/** @param {NodeJS.Signals} signal */
function endGroup(signal) {
  if (child.pid === undefined) return;
  if (windows) {
    spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}
