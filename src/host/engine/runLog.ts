import * as path from 'node:path';
import type { EngineApi } from '../../shared/engineApi';
import type { GeneratedToken } from '../../shared/generation';
import type { ModelChoice } from '../../shared/modelSummary';
import type { Answer, Params } from '../../shared/rpc';

/** How a call of the engine ended. */
export type RunEnd<K extends keyof EngineApi> =
  { kind: 'done'; answer: Answer<EngineApi, K> } | { kind: 'failed' } | { kind: 'cancelled' };

type CallDetails = { [K in keyof EngineApi]?: (run: { [M in K]: LoggedCall<M> }[K]) => string[] };

interface LoggedCall<K extends keyof EngineApi> {
  params: Params<EngineApi, K>;
  /** Absent when there is none. */
  answer?: Answer<EngineApi, K>;
}

/**
 * The log's line about what ran: task, model, tokens and time, and never a text.
 * @returns nothing for calls that are no task of the user's, such as reading a map.
 */
export function runLine<K extends keyof EngineApi>(
  method: K,
  params: Params<EngineApi, K>,
  end: RunEnd<K>,
  ms: number,
): string | undefined {
  const tell = CALL_DETAILS[method] as ((run: LoggedCall<K>) => string[]) | undefined;
  if (!tell) {
    return undefined;
  }
  const told = tell({ params, ...(end.kind === 'done' ? { answer: end.answer } : {}) });
  const how = end.kind === 'done' ? [] : [end.kind];
  return `${method}: ${[...told, ...how, seconds(ms)].join(', ')}`;
}

const CALL_DETAILS: CallDetails = {
  openModel: ({ params }) => [nameOf(params.model)],
  complete: ({ params, answer }) => [
    nameOf(params.model),
    ...(answer ? generated(answer.tokens, answer) : []),
  ],
  translate: textToText,
  summarize: textToText,
  fillMask: ({ params, answer }) => [
    nameOf(params.model),
    ...(answer ? [`${answer.candidates.length} candidates`] : []),
  ],
  trace: ({ params, answer }) => [
    nameOf(params.model),
    ...Object.entries(answer?.sequences ?? {}).map(
      ([component, tokens]) => `${tokens.length} ${component} tokens`,
    ),
  ],
  verify: () => [],
  ablate: ({ params: { site, head } }) => [`${site} head ${head}`],
  ablateElsewhere: ({ params: { site, head }, answer }) => [
    `${site} head ${head}`,
    ...(answer ? [`${answer.pieces.length} pieces`] : []),
  ],
};

function textToText({
  params,
  answer,
}: LoggedCall<'translate'> | LoggedCall<'summarize'>): string[] {
  const tokens = answer?.parts.flatMap((part) => part.tokens) ?? [];
  return [nameOf(params.model), ...(answer ? generated(tokens, answer) : [])];
}

function generated(
  tokens: readonly GeneratedToken[],
  { stop, timing }: Pick<Answer<EngineApi, 'complete'>, 'stop' | 'timing'>,
): string[] {
  return [
    `${tokens.length} tokens`,
    `${timing.tokensPerSecond.toFixed(0)} tokens/s`,
    `load ${seconds(timing.loadMs)}`,
    `stop: ${stop}`,
  ];
}

function nameOf(model: ModelChoice): string {
  return 'folder' in model ? path.basename(model.folder) : `bundled model (${model.bundled})`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
