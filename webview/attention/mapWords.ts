import * as l10n from '@vscode/l10n';
import {
  isEncoderDecoder,
  type AttentionSite,
  type Component,
  type HeadOrMean,
  type TraceSummary,
} from '../../src/shared/attention';
import type { GridWords } from '../ui/readout';
import { groupOf, revealedSide, sidesOf } from './siteGroups';

/** A head by its name: with its stack where the model has more than one. */
export function headName(
  site: AttentionSite,
  head: HeadOrMean,
  trace: Pick<TraceSummary, 'sequences'>,
): string {
  const { layer } = site;
  if (head === 'mean') {
    return l10n.t('Mean of cross-attention layer {0}', layer);
  }
  if (!isEncoderDecoder(trace)) {
    return l10n.t('Layer {0}, head {1}', layer, head);
  }
  switch (groupOf(site)) {
    case 'encoder':
      return l10n.t('Encoder layer {0}, head {1}', layer, head);
    case 'decoder':
      return l10n.t('Decoder layer {0}, head {1}', layer, head);
    case 'cross':
      return l10n.t('Cross-attention layer {0}, head {1}', layer, head);
  }
}

/**
 * The words around one head's map: they name the sequences where there are two of them.
 *
 * @param inEditor the sequences whose tokens can be shown in the editor
 */
export function mapWords(
  site: AttentionSite,
  head: HeadOrMean,
  trace: Pick<TraceSummary, 'sequences'>,
  inEditor: readonly Component[],
): GridWords {
  const isCross = site.kind === 'cross';
  const { query, key } = sidesOf(site);
  const isBoth = isEncoderDecoder(trace);
  return {
    title: mapTitle(site, headName(site, head, trace), inEditor),
    rowTitle: isBoth ? queriesOf(query) : l10n.t('Query: the token that looks'),
    columnTitle: isBoth ? keysOf(key) : l10n.t('Key: the token looked at'),
    readout: (row, column, value) =>
      isCross
        ? l10n.t('Result “{0}” attends to source “{1}”: {2}', row, column, value)
        : l10n.t('“{0}” attends to “{1}”: {2}', row, column, value),
    hint: isCross
      ? l10n.t('Point at a token or a cell, or move with the arrow keys.')
      : l10n.t('Point at a cell, or move with the arrow keys.'),
  };
}

/** What a screen reader calls a map, with how to move in it and what Enter does, if anything. */
function mapTitle(site: AttentionSite, head: string, inEditor: readonly Component[]): string {
  if (!inEditor.includes(sidesOf(site)[revealedSide(site)])) {
    return l10n.t('Attention map of {0}. Arrow keys move from cell to cell.', head);
  }
  return site.kind === 'cross'
    ? l10n.t(
        'Attention map of {0}. Arrow keys move from cell to cell, Enter shows the source token in the editor.',
        head,
      )
    : l10n.t(
        'Attention map of {0}. Arrow keys move from cell to cell, Enter shows the token in the editor.',
        head,
      );
}

function queriesOf(component: Component): string {
  return component === 'encoder'
    ? l10n.t('Source tokens (queries)')
    : l10n.t('Result tokens (queries)');
}

function keysOf(component: Component): string {
  return component === 'encoder' ? l10n.t('Source tokens (keys)') : l10n.t('Result tokens (keys)');
}
