import type { CallContext, Engine } from '../engine/engine';
import type { EngineApi } from '../shared/engineApi';
import type { ModelChoice, Task } from '../shared/modelSummary';
import { printable } from '../shared/printable';

/** Where a command reads and writes, what it asks, and what stops it early. */
export interface Terminal {
  /** The folder that package.json lies in. */
  root: string;
  engine: Engine;
  /** Called by commands that can stop early and keep what they have. */
  interruptible(): AbortSignal;
  stdin: NodeJS.ReadableStream;
  out(text: string): void;
  /** For what concerns the user and is not the answer; one line. */
  note(text: string): void;
}

/** The model that a command names, or the one that comes with Headlight for a task. */
export function modelChoice(folder: string | undefined, task: Task): ModelChoice {
  return folder === undefined ? { bundled: task } : { folder };
}

/** For calls that report nothing and cannot be stopped. */
export function noProgress<K extends keyof EngineApi>(): CallContext<K> {
  return { signal: new AbortController().signal, report: () => undefined };
}

/**
 * A value as one line of JSON. Control characters that `JSON.stringify` leaves are inside strings, so they
 * are escaped there without a change of meaning.
 */
export function toJsonLine(value: unknown): string {
  return `${printable(JSON.stringify(value))}\n`;
}
