import type { TracedSequences } from '../../../shared/attention';
import type { PassProfile } from '../../../shared/modelProfile';
import type { GraphRole } from '../../../onnx/attention/tap';
import { emptyCache } from '../../generation/decoderCache';
import { decoderFeeds } from '../../generation/decoderFeeds';
import { encoderFeeds, runEncoder, type EncodedText } from '../../generation/encoder';
import type { ModelGraph } from '../../modelGraph';
import type { DecoderPart, EncoderPart, OpenModel } from '../../openModel';
import { tokenIdsOf } from '../../reference/tracedRun';
import type { Tensor } from '../../runtime/tensor';

/** One way in which a graph of a model runs, ready to be run again and again. */
export interface Pass extends Pick<PassProfile, 'kind' | 'tokens' | 'cached'> {
  graph: ModelGraph;
  role: GraphRole;
  feeds: ReadonlyMap<string, Tensor>;
  fetches: readonly string[];
}

/**
 * The ways in which a model reads a text and writes behind it: an encoder, a decoder on a whole text, and a
 * decoder on one token more where it has a cache.
 * @throws Failure `runtime` or `unsupported`
 */
export async function passesOf(model: OpenModel, sequences: TracedSequences): Promise<Pass[]> {
  const source = tokenIdsOf(sequences.encoder);
  switch (model.architecture) {
    case 'encoder':
      return [encoderPass(model.encoder, source, 'encoder-only')];
    case 'decoder':
      return decoderPasses(model.decoder, model.decoder, tokenIdsOf(sequences.decoder));
    case 'encoder-decoder': {
      const { encoder, decoder, decoderWithPast = decoder } = model;
      const session = await encoder.graph.session();
      const states = await runEncoder(session, encoder.interface, source);
      const encoded = { states, length: source.length };
      const target = tokenIdsOf(sequences.decoder);
      return [
        encoderPass(encoder, source, 'encoder'),
        ...(await decoderPasses(decoder, decoderWithPast, target, encoded)),
      ];
    }
  }
}

function encoderPass(part: EncoderPart, ids: readonly number[], role: GraphRole): Pass {
  return {
    graph: part.graph,
    role,
    kind: 'encode',
    tokens: ids.length,
    cached: 0,
    feeds: encoderFeeds(part.interface, ids),
    fetches: [part.interface.output],
  };
}

async function decoderPasses(
  first: DecoderPart,
  later: DecoderPart,
  ids: readonly number[],
  encoded?: EncodedText,
): Promise<Pass[]> {
  const role = encoded === undefined ? 'decoder-only' : 'decoder';
  const output = first.interface.instead ?? 'logits';
  const cache = later.interface.cache ?? [];
  const feeds = decoderFeeds(first.interface, [ids], ids.length, 1, encoded);
  emptyCache(first.interface.cache).forEach((tensor, name) => feeds.set(name, tensor));
  const read: Pass = {
    graph: first.graph,
    role,
    kind: 'read',
    tokens: ids.length,
    cached: 0,
    feeds,
    fetches: [output, ...cache.map(({ present }) => present)],
  };
  const last = ids.at(-1);
  if (cache.length === 0 || last === undefined) {
    return [read];
  }
  const session = await first.graph.session();
  const held = await session.run(read.feeds, read.fetches);
  const next = decoderFeeds(later.interface, [[...ids, last]], 1, 1, encoded);
  for (const { past, present } of cache) {
    const tensor = held.get(present);
    if (tensor !== undefined) {
      next.set(past, tensor);
    }
  }
  const growing = cache.filter(({ kind }) => kind !== 'cross');
  const step: Pass = {
    graph: later.graph,
    role,
    kind: 'step',
    tokens: 1,
    cached: ids.length,
    feeds: next,
    fetches: [output, ...growing.map(({ present }) => present)],
  };
  return [read, step];
}
