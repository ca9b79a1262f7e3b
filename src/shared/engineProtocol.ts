/** Names of what travels between a host and the engine process beside the calls of `EngineApi`. */
export const engineProtocol = {
  /** Engine → host: {@link EngineActivity}. */
  activity: 'engine/activity',
  /** Engine → host, every {@link HEARTBEAT_MS}: the event loop turns. */
  heartbeat: 'engine/heartbeat',
  /** Engine → host: {@link GraphLoad} before a graph is loaded, null behind it. */
  load: 'engine/load',
  /** Engine → host: {@link ProgressReport}. */
  progress: 'engine/progress',
} as const;

/** How often an engine that is not inside the runtime says so. Unit: milliseconds. */
export const HEARTBEAT_MS = 1000;

/** A call of one of `EngineApi`'s methods. */
export interface EngineCall {
  params: unknown;
  /** Names the call in progress reports; chosen by the caller. */
  progress: number;
}

export interface ProgressReport {
  progress: number;
  value: unknown;
}

/** A graph that is loaded into the runtime: meanwhile the engine says and hears nothing. */
export interface GraphLoad {
  file: string;
  operations: number;
  /** Of the file and of the weights beside it. */
  bytes: number;
  /** How long it may take. Unit: milliseconds. */
  mostMs: number;
}
