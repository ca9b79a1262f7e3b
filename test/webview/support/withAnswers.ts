import type { EngineClient } from '../../../src/host/engine/engineClient';

type Call = (method: string, params: unknown, options?: unknown) => Promise<unknown>;

/**
 * Has an engine answer otherwise while something is done.
 * @param answer gets the engine's own way to answer as the last argument.
 */
export async function withAnswers(
  engine: EngineClient,
  answer: (method: string, params: unknown, own: () => Promise<unknown>) => Promise<unknown>,
  run: () => Promise<void>,
): Promise<void> {
  const { call } = engine;
  const own = call.bind(engine) as Call;
  engine.call = ((method: string, params: unknown, options: unknown) =>
    answer(method, params, () => own(method, params, options))) as typeof call;
  try {
    await run();
  } finally {
    engine.call = call;
  }
}
