import {
  isEncoderDecoder,
  type AttentionSite,
  type Component,
  type HeadOrMean,
  type TraceSummary,
} from '../../src/shared/attention';
import type { AttentionPanelStrings } from '../../src/shared/attentionPanel';
import type { GridWords } from '../ui/heatMap';
import { fill } from '../ui/sentence';
import { groupOf, revealedSide, sidesOf } from './siteGroups';

/** A head by its name: with its stack where the model has more than one. */
export function headName(
  site: AttentionSite,
  head: HeadOrMean,
  trace: Pick<TraceSummary, 'sequences'>,
  {
    layerHead,
    layerHeads,
    layerMean,
  }: Pick<AttentionPanelStrings, 'layerHead' | 'layerHeads' | 'layerMean'>,
): string {
  if (head === 'mean') {
    return fill(layerMean, site.layer);
  }
  return fill(isEncoderDecoder(trace) ? layerHeads[groupOf(site)] : layerHead, site.layer, head);
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
  strings: AttentionPanelStrings,
): GridWords {
  const both = isEncoderDecoder(trace);
  const cross = site.kind === 'cross';
  const sides = sidesOf(site);
  const leads = inEditor.includes(sides[revealedSide(site)]);
  const label = !leads ? 'mapLabelAlone' : cross ? 'mapLabelCross' : 'mapLabel';
  return {
    title: fill(strings[label], headName(site, head, trace, strings)),
    rowTitle: both ? strings.queriesOf[sides.query] : strings.query,
    columnTitle: both ? strings.keysOf[sides.key] : strings.key,
    readout: cross ? strings.readoutCross : strings.readout,
    hint: cross ? strings.readoutHintCross : strings.readoutHint,
  };
}
