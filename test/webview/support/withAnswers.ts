import type { EngineClient } from '../../../src/host/engine/engineClient';

interface Options {
  signal?: AbortSignal;
}

type Call = (method: string, params: unknown, options?: Options) => Promise<unknown>;

/**
 * Has an engine answer otherwise while something is done.
 * @param answer gets the engine's own way to answer, and what tells that nobody waits for it.
 */
export async function withAnswers(
  engine: EngineClient,
  answer: (
    method: string,
    params: unknown,
    own: () => Promise<unknown>,
    signal?: AbortSignal,
  ) => Promise<unknown>,
  run: () => Promise<void>,
): Promise<void> {
  const { call } = engine;
  const own = call.bind(engine) as Call;
  engine.call = ((method: string, params: unknown, options?: Options) =>
    answer(method, params, () => own(method, params, options), options?.signal)) as typeof call;
  try {
    await run();
  } finally {
    engine.call = call;
  }
}
