import type { EngineActivity } from '../../shared/engineApi';

/** What the engine is doing, for people to see: what it says itself, and that it is on its way. */
export type EngineState = EngineActivity | { state: 'starting' };

/** Where the engine's host writes what it and the engine process have to say. */
export interface EngineLog {
  info(message: string): void;
  error(message: string): void;
}
