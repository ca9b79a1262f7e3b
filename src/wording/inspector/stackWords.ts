import { phrase, type Phrase } from '../../shared/failure';
import type {
  AttentionPart,
  BlockPart,
  BlockRun,
  EmbeddingPart,
  FeedForwardPart,
  ModelStack,
  NormKind,
  PositionScheme,
  UnembeddingPart,
} from '../../shared/modelStack';

/** How a stack is built, in plain words: what it begins with, a line for each run of blocks, its end. */
export function stackWords(stack: ModelStack): Phrase[] {
  const { component, width, embedding, positions, blocks, finalNorm, unembedding } = stack;
  const name = component === 'encoder' ? phrase('encoder') : phrase('decoder');
  const begin = [
    width === undefined ? name : phrase('{0} of width {1}', name, grouped(width)),
    ...(embedding === undefined ? [] : [embeddingWords(embedding)]),
    ...positions.map(positionWords),
  ];
  const end = [
    ...(finalNorm === undefined ? [] : [phrase('{0} behind the last block', normWords(finalNorm))]),
    ...(unembedding === undefined ? [] : [unembeddingWords(unembedding)]),
  ];
  return [joined(begin), ...blocks.map(runWords), ...(end.length === 0 ? [] : [joined(end)])];
}

function embeddingWords({ vocabulary, width, scale, norm, isTied }: EmbeddingPart): Phrase {
  const table = phrase('embedding of {0} × {1}', grouped(vocabulary), grouped(width));
  const scaled =
    scale === undefined
      ? table
      : phrase(
          '{0}, times {1}',
          table,
          scale.toLocaleString('en', { maximumSignificantDigits: 4 }),
        );
  const normed =
    norm === undefined ? scaled : phrase('{0}, {1} behind it', scaled, normWords(norm));
  return isTied ? phrase('{0}, the same matrix', normed) : normed;
}

function positionWords(scheme: PositionScheme): Phrase {
  switch (scheme.kind) {
    case 'sinusoidal':
      return scheme.positions === undefined
        ? phrase('sinusoidal positions')
        : phrase('{0} sinusoidal positions', grouped(scheme.positions));
    case 'learned':
      return scheme.positions === undefined
        ? phrase('learned positions')
        : phrase('{0} learned positions', grouped(scheme.positions));
    case 'table':
      return phrase('{0} positions from a table', grouped(scheme.positions));
    case 'rotary':
      return phrase('rotary positions');
    case 'relativeBias':
      return phrase('relative positions: a bias for each of {0} distances', scheme.buckets);
    case 'relativeVectors':
      return phrase('relative positions: products with vectors of the distance');
    case 'linearBias':
      return phrase('positions by linear biases (ALiBi)');
    case 'convolution':
      return phrase('positions by a convolution');
  }
}

function runWords({ count, parts, sharesWeights }: BlockRun): Phrase {
  const norms = parts.map(placedNorm);
  const keys = norms.map((norm) => JSON.stringify(norm));
  const [common] = norms;
  const areAlike = common !== undefined && keys.every((key) => key === keys[0]);
  const words = parts.map((part, index) => {
    const norm = areAlike ? undefined : norms[index];
    const described = partWords(part);
    return norm === undefined ? described : phrase('{0}, {1}', described, norm);
  });
  const all = joined(areAlike ? [...words, phrase('each with {0}', common)] : words);
  return sharesWeights
    ? phrase('× {0} with the same weights: {1}', count, all)
    : phrase('× {0}: {1}', count, all);
}

function partWords(part: BlockPart): Phrase {
  const words = kindWords(part);
  return part.isParallel ? phrase('beside it {0}', words) : words;
}

function kindWords(part: BlockPart): Phrase {
  switch (part.kind) {
    case 'attention':
      return attentionWords(part);
    case 'feedForward':
      return feedForwardWords(part);
    case 'other':
      return part.operators.length === 0
        ? phrase('another layer')
        : phrase('a layer of {0}', part.operators.join(', '));
  }
}

function attentionWords({ attention, heads, keyValueHeads, headSize }: AttentionPart): Phrase {
  const kind = KIND_WORDS[attention];
  if (heads === undefined) {
    return kind;
  }
  const own =
    headSize === undefined
      ? phrase('{0}, heads: {1}', kind, heads)
      : phrase('{0}, heads: {1} × {2}', kind, heads, headSize);
  return keyValueHeads === undefined || keyValueHeads === heads
    ? own
    : phrase('{0}, {1} for keys and values', own, keyValueHeads);
}

const KIND_WORDS: Readonly<Record<AttentionPart['attention'], Phrase>> = {
  self: phrase('self-attention'),
  masked: phrase('masked self-attention'),
  cross: phrase('cross-attention'),
};

function feedForwardWords({ widths, activation, isGated, experts }: FeedForwardPart): Phrase {
  const sizes = widths.map(grouped).join(' → ');
  const sized =
    sizes === ''
      ? isGated
        ? phrase('gated feed-forward')
        : phrase('feed-forward')
      : isGated
        ? phrase('gated feed-forward {0}', sizes)
        : phrase('feed-forward {0}', sizes);
  const active = activation === undefined ? sized : phrase('{0}, {1}', sized, activation);
  return experts === undefined ? active : phrase('{0}, {1} experts', active, experts);
}

/** Where the norms of a part lie; undefined if it has none. */
function placedNorm({ norms, norm }: BlockPart): Phrase | undefined {
  if (norm === undefined || norms.length === 0) {
    return undefined;
  }
  const kind = normWords(norm);
  switch (norms.join(' ')) {
    case 'before':
      return phrase('{0} before', kind);
    case 'afterSum':
      return phrase('{0} after the sum', kind);
    case 'beforeSum':
      return phrase('{0} before the sum', kind);
    case 'before beforeSum':
      return phrase('{0} before and before the sum', kind);
    case 'before afterSum':
      return phrase('{0} before and after the sum', kind);
    default:
      return phrase('{0} before, before and after the sum', kind);
  }
}

function normWords(kind: NormKind): Phrase {
  return kind === 'layerNorm' ? phrase('layer norm') : phrase('RMS norm');
}

function unembeddingWords({ outputs, isTied }: UnembeddingPart): Phrase {
  return isTied
    ? phrase('{0} scores from the matrix of the embedding', grouped(outputs))
    : phrase('{0} scores', grouped(outputs));
}

function joined(parts: readonly Phrase[]): Phrase {
  return parts.reduce((all, part) => phrase('{0}; {1}', all, part));
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
