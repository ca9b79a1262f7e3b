import { setImmediate as nextTurn } from 'node:timers/promises';
import { Failure, phrase } from '../../../shared/failure';
import type { NotCompared } from '../../../shared/modelDiff';
import { runEncoder } from '../../generation/encoder';
import { disposeModel, type OpenModel } from '../../openModel';
import { runtimeLogits } from '../../reference/runtimeLogits';
import { tokenIdsOf } from '../../reference/tracedRun';
import { asFloat32 } from '../../runtime/tensor';
import { trace, traceTokens } from '../trace';
import type { ComparedReading } from './comparedReading';

/** What a model makes of a text. */
export interface ModelReading {
  /** Of each place its logits [vocabulary], or its vector; of a place that the graph does not return, none. */
  rows: (Float32Array | undefined)[];
  attention: AttentionLayer[] | NotCompared;
}

export interface AttentionLayer {
  site: string;
  heads: number;
  queries: number;
  keys: number;
  /** [head][query][key] */
  values: Float32Array;
}

/** What stops the reading, and what hears of each step. */
export interface ReadingControl {
  signal: AbortSignal;
  report: (share: number) => void;
}

/**
 * Runs a text through a model, and frees its weights again: two large models need not fit in memory together.
 * @throws Failure `runtime`; the signal's reason.
 */
export async function readWith(
  model: OpenModel,
  reading: ComparedReading,
  { signal, report }: ReadingControl,
): Promise<ModelReading> {
  try {
    const rows = await rowsOf(model, reading, signal);
    report(0.5);
    await disposeModel(model);
    const attention = await attentionOf(model, reading, signal);
    report(1);
    return { rows, attention };
  } finally {
    await disposeModel(model);
  }
}

async function rowsOf(
  model: OpenModel,
  reading: ComparedReading,
  signal: AbortSignal,
): Promise<ModelReading['rows']> {
  if (model.architecture === 'encoder') {
    return encoderRows(model, reading, signal);
  }
  const logits = await runtimeLogits(model, reading);
  if (logits === undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The model returns no logits, so it expects no token that could be compared'),
      where: model.summary.folder,
      remedy: phrase('export it with its language-model head'),
    });
  }
  const vocabulary = logits.dims.at(-1) ?? 1;
  const values = asFloat32(logits);
  // Some exports return the last rows alone.
  const missing = (reading.sequences.decoder?.length ?? 0) - values.length / vocabulary;
  return reading.places.map((place) => row(values, place - missing, vocabulary));
}

async function encoderRows(
  { encoder }: OpenModel & { architecture: 'encoder' },
  { sequences, places, mask }: ComparedReading,
  signal: AbortSignal,
): Promise<ModelReading['rows']> {
  const session = await encoder.graph.session();
  const ids = tokenIdsOf(sequences.encoder);
  if (mask === undefined) {
    const vectors = await runEncoder(session, encoder.interface, ids);
    const width = vectors.dims.at(-1) ?? 1;
    return places.map((place) => row(asFloat32(vectors), place, width));
  }
  const rows: ModelReading['rows'] = [];
  for (const place of places) {
    await nextTurn();
    signal.throwIfAborted();
    const masked = ids.map((id, at) => (at === place ? mask : id));
    const logits = await runEncoder(session, encoder.interface, masked);
    const own = row(asFloat32(logits), place, logits.dims.at(-1) ?? 1);
    rows.push(own && Float32Array.from(own));
  }
  return rows;
}

/** A row of [rows][width]. */
function row(values: Float32Array, index: number, width: number): Float32Array | undefined {
  return index >= 0 && (index + 1) * width <= values.length
    ? values.subarray(index * width, (index + 1) * width)
    : undefined;
}

async function attentionOf(
  model: OpenModel,
  { text, target, sequences }: ComparedReading,
  signal: AbortSignal,
): Promise<ModelReading['attention']> {
  try {
    const found =
      model.architecture === 'encoder-decoder'
        ? await trace(model, text, target, signal)
        : await traceTokens(model, sequences.encoder ?? sequences.decoder ?? [], signal);
    const layers: AttentionLayer[] = [];
    for (const { id, heads, queries, keys } of found.summary.sites) {
      layers.push({ site: id, heads, queries, keys, values: await found.layer(id, signal) });
    }
    return layers;
  } catch (error) {
    if (error instanceof Failure) {
      return { lacking: error.data };
    }
    throw error;
  }
}
