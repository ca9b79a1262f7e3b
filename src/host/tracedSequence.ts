import {
  hasMean,
  type AttentionSite,
  type Component,
  type TraceSummary,
  type HeadChoice,
} from '../shared/attention';
import { defaultHead } from '../shared/defaultHead';
import type { TextRange } from '../shared/text';

/** The sequence that the traced text became: the encoder's, where there is one. */
export function sourceComponent({ sequences }: Pick<TraceSummary, 'sequences'>): Component {
  return sequences.encoder ? 'encoder' : 'decoder';
}

/** A head that the user chose, and the folder of the model that it is of. */
export interface ChosenHead {
  model: string;
  choice: HeadChoice;
}

/** What a trace opens with: what the user chose last, if the model is the same. */
export function initialHeadChoice(
  { model, sites }: Pick<TraceSummary, 'model' | 'sites'>,
  chosen?: ChosenHead,
): HeadChoice {
  if (chosen?.model !== model.folder) {
    return defaultHead(sites);
  }
  const { site, head } = chosen.choice;
  const found = sites.find(({ id }) => id === site);
  const stays = found !== undefined && (head === 'mean' ? hasMean(found) : head < found.heads);
  return stays ? chosen.choice : defaultHead(sites);
}

/**
 * Whether the tokens of a sequence are the queries or the keys of a site, or neither. In self-attention they
 * are both, and count as queries.
 */
export function roleOf(
  component: Component,
  site: Pick<AttentionSite, 'component' | 'kind'>,
): 'query' | 'key' | undefined {
  if (site.component === component) {
    return 'query';
  }
  return site.kind === 'cross' ? 'key' : undefined;
}

/**
 * Where a result stands in a text, as it is and only once.
 *
 * @param source a part of the text that does not count: a result may repeat words of its source
 * @returns its offset, in UTF-16 units; undefined where one cannot tell
 */
export function findOnce(result: string, text: string, source?: TextRange): number | undefined {
  if (result.trim() === '') {
    return undefined;
  }
  const next = (from: number): number | undefined => {
    const at = text.indexOf(result, from);
    if (source && at >= 0 && at < source.end && at + result.length > source.start) {
      return next(source.end);
    }
    return at < 0 ? undefined : at;
  };
  const first = next(0);
  return first === undefined || next(first + 1) !== undefined ? undefined : first;
}
