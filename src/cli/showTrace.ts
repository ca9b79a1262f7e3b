import type {
  AttentionSite,
  Component,
  HeadId,
  HeadDescription,
  LayersWithMaps,
  MeasuredScores,
  RowAlignment,
  TracedToken,
  Truncation,
} from '../shared/attention';
import { directionOf, type Direction } from '../shared/evidence';
import { Failure, inEnglish, type Phrase } from '../shared/failure';
import { headWords } from '../wording/heads/headWords';
import { scoreWords } from '../wording/heads/scoreWords';
import type { Effect, HookPoint, LensLayer } from '../shared/referenceRun';
import type { AttentionDifference, Verdict, Verification } from '../shared/verification';
import { verificationWords } from '../wording/verification/verificationWords';
import { tokenLabel, tokenLabels } from '../shared/tokenLabel';
import { joinLines } from './show';

/** A trace as `--json` has it. */
export interface TraceJson extends Partial<Omit<Verification, 'sites'>> {
  tokens: readonly TracedToken[];
  /** What the decoder of an encoder–decoder model read. */
  targetTokens?: readonly TracedToken[];
  target?: string;
  /** Each layer; with `--reference` the largest difference of its probabilities. */
  sites: (Omit<AttentionSite, 'statistics'> & {
    entropy: number[];
  } & Partial<AttentionDifference>)[];
  /** With `--reference`: what the comparison comes to, and the rest of what was compared. */
  verdict?: Verdict;
  /** One head's probabilities, [query][key], if they were asked for. */
  matrix?: readonly (readonly number[])[];
  /** What that head does. */
  reading?: HeadDescription;
  /** What it does on random tokens that are repeated. */
  scores?: MeasuredScores;
  /** In cross attention: which token of the result each row of it is about. */
  rows?: RowAlignment;
  /** The one head's attention, weighted by what each value adds. */
  weighted?: readonly (readonly number[])[];
  /** By stack: how much of each token is in each position, [position][token]. */
  rollout?: Partial<Record<Component, readonly (readonly number[])[]>>;
  /** By stack: what its rollout is worth. */
  rolloutNotes?: Partial<Record<Component, string>>;
  /** Values of the reference by hook name, row-major. */
  points?: Record<string, { dims: readonly number[]; values: readonly number[] }>;
  ablations?: readonly (HeadId & Effect)[];
  /** What hiding tokens did. */
  masked?: { mask: readonly number[] } & Effect;
  lens?: readonly LensLayer[];
  truncation?: Truncation;
  targetTruncation?: Truncation;
  mapless?: readonly LayersWithMaps[];
}

/**
 * A trace as tables: what the model thought of each token, each head's entropy, and what else was
 * asked for.
 */
export function formatTrace(traced: TraceJson, verification?: Verification): string {
  const sections = [
    ...(verification === undefined ? [] : [comparison(verification)]),
    ...asked(traced),
  ];
  return joinLines([...asText(traced), ...sections.flatMap((section) => ['', ...section])]);
}

/** Hook points, one a line: name and shape. */
export function formatHookPoints(points: readonly HookPoint[]): string {
  const width = Math.max(...points.map(({ name }) => name.length));
  return joinLines(points.map(({ name, dims }) => `${name.padEnd(width)}  [${dims.join(', ')}]`));
}

function asText({
  tokens,
  targetTokens,
  sites,
  truncation,
  targetTruncation,
  mapless = [],
}: TraceJson): string[] {
  return [
    ...(truncation === undefined
      ? []
      : [`the first ${truncation.used} of ${truncation.total} tokens`, '']),
    ...(targetTruncation === undefined
      ? []
      : [`the first ${targetTruncation.used} of ${targetTruncation.total} target tokens`, '']),
    ...mapless.flatMap(({ component, maps, layers }) => [
      `${maps} of the ${layers} layers of the ${component} have an attention map`,
      '',
    ]),
    'probability  rank  token',
    ...ratings(tokens),
    '',
    ...(targetTokens === undefined
      ? []
      : ['probability  rank  token of the target', ...ratings(targetTokens), '']),
    'entropy of each head, in nats',
    ...sites.map(({ id, entropy }) =>
      [id, ...entropy.map((value) => value.toFixed(2).padStart(5))].join('  '),
    ),
  ];
}

const ROWS: Record<RowAlignment, string> = {
  own: 'each row is about the token of the result that it is computed for',
  next: 'each row is about the token of the result that comes next',
};

/** The sections that are there because they were asked for. */
function asked(traced: TraceJson): string[][] {
  const { matrix, reading, scores, rows, weighted, points = {} } = traced;
  const { rollout = {}, rolloutNotes = {} } = traced;
  const { ablations = [], masked, lens } = traced;
  const isResult = traced.targetTokens !== undefined;
  return [
    ...(reading === undefined ? [] : [[inEnglish(headWords(reading))]]),
    ...(scores === undefined ? [] : [[inEnglish(scoreWords(scores))]]),
    ...(rows === undefined ? [] : [[ROWS[rows]]]),
    ...(matrix === undefined
      ? []
      : [['probability of each key (columns) for each query (rows)', ...rounded(matrix)]]),
    ...(weighted === undefined
      ? []
      : [['length of what each key (columns) adds for each query (rows)', ...rounded(weighted)]]),
    ...Object.entries(rollout).map(([component, rows]) => [
      `share of each token (columns) in each place (rows) after the last layer of the ${component}:`,
      ...Object.entries(rolloutNotes).flatMap(([of, note]) => (of === component ? [note] : [])),
      ...rounded(rows),
    ]),
    ...Object.entries(points).map(([name, { dims, values }]) => [
      `${name} [${dims.join(', ')}]`,
      ...rowsOf(values, dims.at(-1) ?? 1),
    ]),
    ...ablations.map(({ site, head, ...effect }) => [
      `without ${site}.${head}`,
      ...effectOf(effect, isResult),
    ]),
    ...(masked === undefined
      ? []
      : [
          [
            `with no attention to token ${masked.mask.join(', ')}${isResult ? ' of the source' : ''}`,
            ...effectOf(masked, isResult),
          ],
        ]),
    ...(lens === undefined ? [] : [lensOf(lens, traced.targetTokens ?? traced.tokens)]),
  ];
}

/** What was compared with the reference, and the largest differences. */
function comparison(verification: Verification): string[] {
  const { sentences, rows } = verificationWords(verification);
  return [
    ...sentences.map(({ text }) => ('kind' in text ? new Failure(text).message : inEnglish(text))),
    'largest difference between runtime and reference, and its limit',
    ...rows.map(({ name, value, limit }) =>
      [words(value).padStart(8), limit.padStart(8), words(name)].join('  '),
    ),
  ];
}

function words(text: Phrase | string): string {
  return typeof text === 'string' ? text : inEnglish(text);
}

/** @param isResult whether the tokens are those of a result, as in an encoder–decoder model. */
function effectOf({ divergence, position, top, ...effect }: Effect, isResult: boolean): string[] {
  const place = `${PLACES[effect.way]} ${position}${isResult ? ' of the result' : ''}`;
  return [
    ...meanOf(effect, isResult),
    `  ${divergence.toFixed(4)} nats: mean divergence of what the model expects`,
    `  ${place}, probability of the likeliest tokens before and after, the likeliest before first:`,
    ...top.map(
      ({ before, after, ...token }) =>
        `  ${before.toFixed(4)}  ${after.toFixed(4)}  ${tokenLabel(token)}`,
    ),
  ];
}

/** Where the likeliest tokens are compared: of the places of a text where most changes. */
const PLACES: Record<Effect['way'], string> = {
  before: 'where most changes, in the place after token',
  masked: 'where most changes, in the place of token',
  blank: 'in the blank, token',
};

/** What a mean says that is not far enough from 0. */
const VERDICTS: Partial<Record<Direction, string>> = {
  unclear: '  no clear effect on this text: the mean is within two standard errors of 0',
  tooFew: '  too few tokens for a clear answer',
};

function meanOf(
  {
    way,
    tokens: { length },
    ratable,
    meanLogChange: mean,
    standardError,
  }: Omit<Effect, 'divergence' | 'position' | 'top'>,
  isResult: boolean,
): string[] {
  if (mean === undefined) {
    return [];
  }
  const whose = isResult ? 'the result’s tokens' : 'the text’s tokens';
  const masked = way === 'masked' ? ', each masked in turn' : '';
  const sample =
    length < ratable
      ? `${length} of its ${ratable} tokens`
      : `${length} ${length === 1 ? 'token' : 'tokens'}`;
  const [range, over] =
    standardError === undefined
      ? ['', `over ${sample}`]
      : [
          ` ± ${(2 * standardError).toFixed(4)}`,
          `± two standard errors over ${sample} as if these were independent`,
        ];
  const verdict = VERDICTS[directionOf({ mean, ...(standardError && { standardError }) }, length)];
  return [
    `  ${mean.toFixed(4)}${range} nats: mean change of the log-probability of ${whose}${masked}, ${over}`,
    ...(verdict === undefined ? [] : [verdict]),
  ];
}

/** A block for each token: what would come out at each depth. */
function lensOf(layers: readonly LensLayer[], tokens: readonly TracedToken[]): string[] {
  const width = Math.max(...layers.map(({ depth }) => depth.length));
  const labels = tokenLabels(tokens);
  return [
    'likeliest tokens at each depth, and the rank of the one that the model decides for',
    ...labels.flatMap((label, position) => [
      label,
      ...layers.map(({ depth, positions }) => {
        const { best = [], final } = positions[position] ?? {};
        const named = best.map((one) => `${tokenLabel(one)} ${one.probability.toFixed(2)}`);
        return `  ${depth.padEnd(width)}  ${String(final?.rank ?? '–').padStart(5)}  ${named.join('  ')}`;
      }),
    ]),
  ];
}

/** Rows of figures with two decimals. */
function rounded(rows: readonly (readonly number[])[]): string[] {
  return rows.map((row) => row.map((value) => value.toFixed(2)).join(' '));
}

/** Numbers in rows, so many each. */
function rowsOf(values: readonly number[], width: number): string[] {
  return Array.from({ length: values.length / width }, (_, row) =>
    values
      .slice(row * width, (row + 1) * width)
      .map((value) => value.toFixed(4).padStart(8))
      .join(' '),
  );
}

/** What the model thought of each token before it saw it. */
function ratings(tokens: readonly TracedToken[]): string[] {
  const labels = tokenLabels(tokens);
  return tokens.map(({ prediction }, index) =>
    [
      (prediction?.probability.toFixed(4) ?? '–').padStart(11),
      String(prediction?.rank ?? '–').padStart(4),
      labels[index],
    ].join('  '),
  );
}
