import { Failure, phrase } from '../../shared/failure';
import type { TracedSequences } from '../../shared/attention';
import type { Effect } from '../../shared/referenceRun';
import type { NamedToken } from '../../shared/text';
import type { ReferenceInput, ReferenceModel, RunOptions } from '../../reference/transformer';
import { effectOf, type ComparedPosition } from '../../trace/effect';
import type { OpenModel } from '../openModel';
import { referenceOf } from '../reference/referenceOf';
import {
  runOptionsOf,
  tokenIdsOf,
  referenceInputOf,
  type RunControl,
} from '../reference/tracedRun';
import { maskTokenId } from './maskTokenId';
import { namedToken } from './namedToken';
import { sampleEvenly } from './sampleEvenly';

/** A change inside a model, or of the tokens that it may attend to. */
export interface Intervention {
  replace?: RunOptions['replace'];
  /** By token of the sequence that keys come of first: 0 hides it. */
  mask?: readonly number[];
}

/**
 * The largest number of positions that are masked in turn. Each costs one run with and one without the
 * intervention; the standard error falls with the square root of the number.
 */
export const MOST_MASKED = 64;

/** Most tokens of one run, which holds several copies of the text, each with one token masked. */
const TOKENS_A_RUN = 512;

/**
 * How an intervention changes a model's distributions over the vocabulary. A decoder is compared at the
 * position before each token, and after the last one unless that ends an output; a fill-mask model at each
 * token, which is masked for it, or in the text's own blanks.
 * @param mostMasked a text with more tokens has a sample of so many masked.
 * @throws Failure `unsupported` for a family that the reference does not know, or an encoder that
 *   fills no masks; the signal's reason.
 */
export async function measureEffect(
  opened: OpenModel,
  sequences: TracedSequences,
  intervention: Intervention,
  control: RunControl,
  mostMasked: number = MOST_MASKED,
): Promise<Effect> {
  const { model } = await referenceOf(opened);
  const nameOf = (id: number): NamedToken => namedToken(opened.tokenizer, id);
  if (sequences.decoder === undefined) {
    const mask = maskIdOf(opened);
    return effectOnMasked(model, sequences.encoder ?? [], mask, intervention, control, {
      nameOf,
      mostMasked,
    });
  }
  const input = referenceInputOf({ sequences });
  const before = await model.run(input, runOptionsOf(control, 0, 2));
  const after = await model.run(
    { ...input, ...(intervention.mask && { mask: [intervention.mask] }) },
    { ...runOptionsOf(control, 1, 2), ...replacing(intervention) },
  );
  const ids = tokenIdsOf(sequences.decoder);
  const rowOf = rowsOf(ids.length);
  // What comes before the first token in sight sees nothing, so that its numbers mean nothing.
  const start = sequences.encoder === undefined ? (intervention.mask?.indexOf(1) ?? 0) : 0;
  const all = ids.map((_, position): ComparedPosition => {
    const token = position + 1;
    const id = ids[token];
    return {
      position,
      ...(id === undefined ? {} : { rated: { token, id } }),
      before: rowOf(before.logits.data, position),
      after: rowOf(after.logits.data, position),
    };
  });
  const places = all.slice(start, endsOutput(opened, sequences) ? -1 : undefined);
  const ratable = places.filter(({ rated }) => rated !== undefined).length;
  return effectOf(places, 'before', ratable, nameOf);
}

/**
 * Whether the last token that the decoder of an encoder–decoder model reads is one that ends its output:
 * nothing is ever written behind it.
 */
function endsOutput({ limits }: OpenModel, { encoder, decoder = [] }: TracedSequences): boolean {
  const last = decoder.at(-1);
  // Where it is the only one, it begins the output: BART begins one with the token that ends it.
  return encoder !== undefined && decoder.length > 1 && last !== undefined
    ? last.special && limits.endIds.has(last.id)
    : false;
}

/** The places that are compared where masks are filled, and the run that each of them needs. */
async function effectOnMasked(
  model: ReferenceModel,
  tokens: readonly { id: number; special: boolean }[],
  maskId: number,
  intervention: Intervention,
  control: RunControl,
  { nameOf, mostMasked }: { nameOf: (id: number) => NamedToken; mostMasked: number },
): Promise<Effect> {
  const positionsOf = (wanted: (token: { id: number; special: boolean }) => boolean): number[] =>
    tokens.flatMap((token, position) => (wanted(token) ? [position] : []));
  const blanks = positionsOf(({ id }) => id === maskId);
  const ratable = blanks.length > 0 ? blanks : positionsOf(({ special }) => !special);
  const chosen = sampleEvenly(ratable, mostMasked);
  const atOnce = Math.max(1, Math.floor(TOKENS_A_RUN / tokens.length));
  const runs = Math.ceil(chosen.length / atOnce);
  const places: ComparedPosition[] = [];
  for (let run = 0; run < runs; run++) {
    const positions = chosen.slice(run * atOnce, (run + 1) * atOnce);
    const copies = positions.map((masked) =>
      tokens.map(({ id }, position) => (position === masked ? maskId : id)),
    );
    const before = await model.run(
      { ids: copies },
      { ...runOptionsOf(control, 2 * run, 2 * runs), logitsAt: positions },
    );
    const after = await model.run(maskedInput(copies, intervention), {
      ...runOptionsOf(control, 2 * run + 1, 2 * runs),
      ...replacing(intervention),
      logitsAt: positions,
    });
    const rowOf = rowsOf(positions.length);
    positions.forEach((position, copy) => {
      const { id } = tokens[position] as { id: number };
      places.push({
        position,
        ...(id === maskId ? {} : { rated: { token: position, id } }),
        before: rowOf(before.logits.data, copy),
        after: rowOf(after.logits.data, copy),
      });
    });
  }
  return effectOf(places, blanks.length > 0 ? 'blank' : 'masked', ratable.length, nameOf);
}

function maskedInput(ids: readonly (readonly number[])[], { mask }: Intervention): ReferenceInput {
  return { ids, ...(mask && { mask: ids.map(() => mask) }) };
}

function replacing({ replace }: Intervention): Pick<RunOptions, 'replace'> {
  return replace === undefined ? {} : { replace };
}

/** Reads a row of logits [rows][vocabulary]. */
function rowsOf(rows: number): (logits: Float32Array, row: number) => Float32Array {
  return (logits, row) => {
    const vocabulary = logits.length / rows;
    return logits.subarray(row * vocabulary, (row + 1) * vocabulary);
  };
}

/** @throws Failure `unsupported` */
function maskIdOf(opened: OpenModel): number {
  const id = maskTokenId(opened);
  if (id === undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The model has no mask token, so nothing tells how well it would guess the text’s tokens',
      ),
      where: opened.summary.folder,
      remedy: phrase('choose a fill-mask model, such as BERT'),
    });
  }
  return id;
}
