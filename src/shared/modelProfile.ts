import type { FailureData } from './failure';

/** Where the time of a model goes when it reads a text, as ONNX Runtime's own profiler tells. */
export interface ModelProfile {
  /** Absolute path, of a file or folder. */
  path: string;
  /** The text that was read: the beginning of a long one. */
  text: string;
  /** Of a model that makes one text of another: what its decoder read. */
  target?: string;
  /** Name and version of the runtime, and what it runs on. */
  runtime: string;
  /** In the order in which a text goes through them. */
  passes: PassProfile[];
}

/** One way in which a graph runs. */
export interface PassProfile {
  /** Path of the file. */
  file: string;
  /** Whether it reads a whole text, or the next token behind what a cache holds. */
  kind: 'encode' | 'read' | 'step';
  /** Tokens that it reads, and those that its cache holds. */
  tokens: number;
  cached: number;
  /** Reading the file, and making it ready. Unit of all times: milliseconds. */
  load: number;
  /** The first run behind that. */
  first: number;
  /** Further runs. */
  steady: Spread;
  /** The same with the profiler on, which costs time itself: the times below are of these. */
  profiled: Spread;
  /** Time of the profiled runs that no node is blamed for: mean of a run. */
  outside: number;
  /** Time of nodes that no module of the file can be found for, since the runtime made them: mean of a run. */
  unplaced: number;
  /**
   * Time of attention itself, from the products of queries and keys to the weighted sum: mean of a run.
   * Absent where no attention was found in the graph.
   */
  attention?: number;
  /** What the runtime's memory held at its peak, weights that it copied among it. Unit: bytes. */
  peakMemory?: number;
  /** Most time first. */
  operators: OperatorTime[];
  /** Parents before their children; the first is the model itself. */
  modules: ModuleTime[];
}

/** Several runs. Unit: milliseconds. */
export interface Spread {
  runs: number;
  least: number;
  median: number;
  most: number;
}

export interface OperatorTime {
  name: string;
  /** Mean of a run. Unit: milliseconds. */
  time: number;
  /** Calls in a run. */
  calls: number;
}

export interface ModuleTime {
  /** Within the module around it; empty for the model itself. */
  name: string;
  /** Index of the module around it; absent in the first one. */
  parent?: number;
  /** Mean of a run, of its own nodes and of those in modules within. Unit: milliseconds. */
  time: number;
  calls: number;
}

/** How far a profile is. */
export interface ProfileProgress {
  pass: number;
  passes: number;
  /** From 0 to 1, of the pass. */
  share: number;
}

/** Why a model was not run. */
export interface NotProfiled {
  lacking: FailureData;
}
