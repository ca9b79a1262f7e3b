import * as l10n from '@vscode/l10n';
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
} from '../../../src/shared/modelStack';
import { figure } from '../figure';

/** What stands in a box of the drawing. */
export interface BoxWords {
  title: string;
  detail: string;
}

export function stackTitle({ component }: ModelStack): string {
  return component === 'encoder' ? l10n.t('Encoder') : l10n.t('Decoder');
}

export function embeddingWords({ vocabulary, width, scale }: EmbeddingPart): BoxWords {
  return {
    title: l10n.t('Embedding'),
    detail:
      scale === undefined
        ? l10n.t('{0} tokens × {1}', figure(vocabulary), figure(width))
        : l10n.t(
            '{0} tokens × {1}, times {2}',
            figure(vocabulary),
            figure(width),
            rootWords(scale),
          ),
  };
}

/** A factor; where it is the root of a whole number, as that. */
function rootWords(scale: number): string {
  const square = Math.round(scale * scale);
  return Number.isInteger(scale) || Math.abs(scale - Math.sqrt(square)) > 1e-5 * scale
    ? Number(scale.toPrecision(4)).toString()
    : `√${figure(square)}`;
}

/** A scheme that adds a table to the embedding, as a box; undefined of one that works in the attention. */
export function tableWords(scheme: PositionScheme): BoxWords | undefined {
  switch (scheme.kind) {
    case 'sinusoidal':
      return {
        title: l10n.t('Positions'),
        detail:
          scheme.positions === undefined
            ? l10n.t('sinusoidal, computed')
            : l10n.t('sinusoidal, {0} × {1}', figure(scheme.positions), figure(scheme.width)),
      };
    case 'learned':
      return {
        title: l10n.t('Positions'),
        detail:
          scheme.positions === undefined
            ? l10n.t('learned')
            : l10n.t('learned, {0} × {1}', figure(scheme.positions), figure(scheme.width)),
      };
    case 'table':
      return {
        title: l10n.t('Positions'),
        detail: l10n.t('a table, {0} × {1}', figure(scheme.positions), figure(scheme.width)),
      };
    case 'convolution':
      return { title: l10n.t('Positions'), detail: l10n.t('a convolution over the states') };
    default:
      return undefined;
  }
}

/** What a scheme does in the attention. */
export function schemeWords(scheme: PositionScheme): string | undefined {
  switch (scheme.kind) {
    case 'rotary':
      return l10n.t('rotary positions');
    case 'relativeBias':
    case 'relativeVectors':
      return l10n.t('relative positions');
    case 'linearBias':
      return l10n.t('linear position bias');
    default:
      return undefined;
  }
}

/** How many blocks of a run there are, and which. */
export function runWords({ first, count, sharesWeights }: BlockRun): string {
  if (count === 1) {
    return l10n.t('Block {0}', first);
  }
  return sharesWeights
    ? l10n.t('{0} blocks with the same weights', count)
    : l10n.t('{0} equal blocks', count);
}

export function partWords(part: BlockPart, schemes: readonly string[]): BoxWords {
  const words = ownWords(part, schemes);
  return part.isParallel
    ? { ...words, detail: l10n.t('{0}, beside the part above', words.detail) }
    : words;
}

function ownWords(part: BlockPart, schemes: readonly string[]): BoxWords {
  switch (part.kind) {
    case 'attention':
      return {
        title: attentionTitle(part),
        detail: [
          ...headWords(part),
          lookWords(part),
          ...(part.attention === 'cross' ? [] : schemes),
        ]
          .filter((word) => word !== '')
          .join(', '),
      };
    case 'feedForward':
      return { title: l10n.t('Feed-forward'), detail: feedForwardWords(part) };
    case 'other':
      return { title: l10n.t('Another layer'), detail: part.operators.slice(0, 4).join(', ') };
  }
}

function attentionTitle({ attention }: AttentionPart): string {
  switch (attention) {
    case 'cross':
      return l10n.t('Cross-attention');
    case 'masked':
      return l10n.t('Masked self-attention');
    default:
      return l10n.t('Self-attention');
  }
}

function headWords({ heads, headSize, keyValueHeads }: AttentionPart): string[] {
  if (heads === undefined) {
    return [];
  }
  const all =
    headSize === undefined
      ? l10n.t('{0} heads', heads)
      : l10n.t('{0} heads × {1}', heads, headSize);
  return keyValueHeads === undefined || keyValueHeads === heads
    ? [all]
    : [all, l10n.t('{0} of keys and values', keyValueHeads)];
}

function lookWords({ attention }: AttentionPart): string {
  switch (attention) {
    case 'cross':
      return l10n.t('keys and values from the encoder');
    case 'masked':
      return l10n.t('backwards only');
    default:
      return l10n.t('both ways');
  }
}

function feedForwardWords({ widths, activation, isGated, experts }: FeedForwardPart): string {
  return [
    widths.map(figure).join(' → '),
    ...(activation === undefined ? [] : [activation]),
    ...(isGated ? [l10n.t('gated')] : []),
    ...(experts === undefined ? [] : [l10n.t('{0} experts', experts)]),
  ].join(', ');
}

export function normWords(norm: NormKind | undefined): string {
  switch (norm) {
    case 'layerNorm':
      return l10n.t('Layer norm');
    case 'rmsNorm':
      return l10n.t('RMS norm');
    default:
      return l10n.t('Norm');
  }
}

export function unembeddingWords({ outputs, width, isTied }: UnembeddingPart): BoxWords {
  return {
    title: l10n.t('Unembedding'),
    detail: isTied
      ? l10n.t('{0} → {1} scores, the embedding’s matrix', figure(width), figure(outputs))
      : l10n.t('{0} → {1} scores', figure(width), figure(outputs)),
  };
}
