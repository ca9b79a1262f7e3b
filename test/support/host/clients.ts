import { EventEmitter, once } from 'node:events';
import type { EngineApi } from '../../../src/shared/engineApi';
import type { Params } from '../../../src/shared/rpc';
import { EngineClient, type EngineClientOptions } from '../../../src/host/engine/engineClient';
import type { EngineState } from '../../../src/host/engine/engineState';
import { root } from '../root';

/** A client, and what it said. */
export interface Observed {
  client: EngineClient;
  states: EngineState[];
  log: string[];
  /** Waits for a state to come. */
  reached(state: EngineState['state']): Promise<void>;
  /** Calls a fake engine, which does as it is told. */
  tell(
    model: string,
    options?: { signal?: AbortSignal; onProgress?(value: unknown): void; failure?: unknown },
  ): Promise<unknown>;
}

const observed: Observed[] = [];

export function observe(
  options: Pick<EngineClientOptions, 'entry'> & Partial<EngineClientOptions>,
): Observed {
  const states: EngineState[] = [];
  const log: string[] = [];
  const events = new EventEmitter();
  const write = (message: string): void => {
    log.push(message);
  };
  const client = new EngineClient({
    root,
    log: { info: write, error: write },
    onState: (state) => {
      states.push(state);
      events.emit(state.state);
    },
    ...options,
  });
  const one: Observed = {
    client,
    states,
    log,
    reached: async (state) => {
      await once(events, state);
    },
    tell: (model, { failure, ...options } = {}) =>
      client.call(
        'openModel',
        { model: { folder: model }, failure } as Params<EngineApi, 'openModel'>,
        options,
      ),
  };
  observed.push(one);
  return one;
}

/** The names of states, without those that follow upon themselves. */
export function names(states: readonly EngineState[]): string[] {
  return states.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
}

/** Ends every engine that was started, and answers the states that they were left in. */
export function disposeAll(): string[] {
  return observed.splice(0).map(({ client, states }) => {
    client.dispose();
    return states.at(-1)?.state ?? 'none';
  });
}
