import type { GraphLoad } from '../../shared/engineProtocol';

/** What the time to load a graph goes by. */
export interface GraphSize {
  /** Operations, those that the calls of functions stand for included. */
  operations: number;
  /** Of the file and of the weights beside it. */
  bytes: number;
}

/*
 * A graph may take ONNX Runtime this long: several times what a real one took on one thread (16,500
 * operations: 12 s; 370 MB: 1 s), and weights may come from a disk or a network that gives 4 MB a
 * second. Only a graph that is built to be slow takes longer: by thousands of constants that are multiplied in advance, or
 * by results of ever other sizes, for each of which the runtime looks through all earlier ones.
 */
const LEAST_MS = 20_000;
const MS_PER_OPERATION = 2;
const BYTES_PER_MS = 4000;

/** How long the loading of a graph may take. Unit: milliseconds. */
export function mostLoadMs({ operations, bytes }: GraphSize): number {
  return Math.round(LEAST_MS + operations * MS_PER_OPERATION + bytes / BYTES_PER_MS);
}

type Listener = (load: GraphLoad | null) => void;

let tell: Listener = () => undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Has a listener hear before each graph that the process loads, and with null behind it. Nothing in
 * the process can stop a load, which keeps its main thread: whoever started the process must.
 */
export function onLoad(listener: Listener): void {
  tell = listener;
}

/** Loads a graph when those before it are loaded, and says so. */
export function loadInTurn<T>(file: string, size: GraphSize, load: () => Promise<T>): Promise<T> {
  const loading = last.then(async () => {
    tell({ file, ...size, mostMs: mostLoadMs(size) });
    try {
      return await load();
    } finally {
      tell(null);
    }
  });
  last = loading.catch(() => undefined);
  return loading;
}
