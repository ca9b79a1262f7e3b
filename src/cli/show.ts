import type { AttentionSite, TracedToken, Truncation } from '../shared/attention';
import type { FilledBlank, ModelOutline } from '../shared/engineApi';
import { probabilityBar } from '../shared/probabilityBar';
import type { Token } from '../shared/text';
import { outlineLines } from './showOutline';

/** A model's outline as lines for people. */
export function outline(model: ModelOutline): string {
  return lines(outlineLines(model));
}

/** Tokens, one a line: id, characters, text. */
export function tokens(list: readonly Pick<Token, 'id' | 'text' | 'start' | 'end'>[]): string {
  return lines(
    list.map(({ id, text, start, end }) =>
      [String(id).padStart(7), `${start}–${end}`.padEnd(9), JSON.stringify(text)].join('  '),
    ),
  );
}

/** What of a trace is shown beside its sites. */
interface Traced {
  tokens: readonly TracedToken[];
  /** What the decoder of an encoder–decoder model read. */
  targetTokens?: readonly TracedToken[];
  /** One head's probabilities, [query][key], if they were asked for. */
  matrix?: readonly (readonly number[])[];
  truncation?: Truncation;
  targetTruncation?: Truncation;
}

/**
 * A trace as tables: what the model thought of each token, each head's entropy, and the one head
 * that was asked for.
 */
export function trace(
  { tokens, targetTokens, matrix, truncation, targetTruncation }: Traced,
  sites: readonly AttentionSite[],
): string {
  return lines([
    ...(truncation === undefined
      ? []
      : [`the first ${truncation.used} of ${truncation.total} tokens`, '']),
    ...(targetTruncation === undefined
      ? []
      : [`the first ${targetTruncation.used} of ${targetTruncation.total} target tokens`, '']),
    'probability  rank  token',
    ...tokens.map(rating),
    '',
    ...(targetTokens === undefined
      ? []
      : ['probability  rank  token of the target', ...targetTokens.map(rating), '']),
    'entropy of each head, in nats',
    ...sites.map(({ id, statistics }) =>
      [id, ...statistics.map(({ entropy }) => entropy.toFixed(2).padStart(5))].join('  '),
    ),
    ...(matrix === undefined
      ? []
      : [
          '',
          'probability of each key (columns) for each query (rows)',
          ...matrix.map((row) => row.map((value) => value.toFixed(2)).join(' ')),
        ]),
  ]);
}

/** The candidates for a blank, one a line: probability as a number and as a bar, text. */
export function candidates(list: FilledBlank['candidates']): string {
  return lines(
    list.map(({ text, probability }) =>
      [
        `${(probability * 100).toFixed(1)}%`.padStart(6),
        probabilityBar(probability),
        text.trim(),
      ].join('  '),
    ),
  );
}

/** What the model thought of a token before it saw it. */
function rating({ text, prediction }: TracedToken): string {
  return [
    (prediction?.probability.toFixed(4) ?? '–').padStart(11),
    String(prediction?.rank ?? '–').padStart(4),
    JSON.stringify(text),
  ].join('  ');
}

function lines(list: readonly string[]): string {
  return `${list.join('\n')}\n`;
}
