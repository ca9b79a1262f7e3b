import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Context } from 'mocha';
import { root } from './root';

/**
 * The folder of a real model that others trained. Such models lie beside the repository on the
 * machines of its developers; they are not ours to give away, so that a clone skips what needs them.
 */
export function realModel(context: Context, name: string): string {
  const folder = path.join(root, '../shared/real-models', name);
  skipUnless(
    context,
    existsSync(folder),
    `shared/real-models/${name} is not beside the repository`,
  );
  return folder;
}

/** For what takes symbolic links: Windows lets administrators alone make them. */
export function needsLinks(context: Context): void {
  skipUnless(context, process.platform !== 'win32', 'symbolic links need an administrator');
}

/** For what takes a file that may not be read: there is none on Windows, nor for an administrator. */
export function needsPermissions(context: Context): void {
  const areHeld = process.platform !== 'win32' && process.getuid?.() !== 0;
  skipUnless(context, areHeld, 'every file can be read here');
}

/** For what only some machines can show. */
export function onlyWhere(context: Context, condition: boolean, reason: string): void {
  skipUnless(context, condition, reason);
}

/** For what shows on a terminal: the `script` of util-linux makes one. */
export function needsTerminal(context: Context): void {
  const { status } = spawnSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'ignore' });
  skipUnless(context, status === 0, 'script of util-linux is not at hand');
}

/** For what looks for a process, or interrupts one as a terminal does: Windows has other ways. */
export function needsProcessList(context: Context): void {
  skipUnless(context, spawnSync('ps', ['-A']).status === 0, 'ps is not at hand');
}

/** For what looks at a program's system calls, which takes a tool of Linux that may be forbidden. */
export function needsStrace(context: Context): void {
  const { status } = spawnSync('strace', ['-f', '-o', '/dev/null', process.execPath, '--version']);
  skipUnless(context, status === 0, 'strace is not at hand');
}

/** The one place where a test is skipped, which never happens without a word. */
export function skipUnless(context: Context, condition: boolean, reason: string): void {
  if (!condition) {
    console.log(`      skipped: ${reason}`);
    context.skip();
  }
}
