import { l10n } from 'vscode';
import { isEncoderDecoder, type LayersWithMaps, type TraceSummary } from '../../shared/attention';
import { describeTruncation } from '../messages';

/** What the user should know of a trace before looking at it, as whole sentences. */
export function traceNotes(summary: TraceSummary): string[] {
  return [...cuts(summary), ...(summary.mapless ?? []).map(describeMapless)];
}

function describeMapless({ component, maps, layers }: LayersWithMaps): string {
  return component === 'encoder'
    ? l10n.t(
        '{0} of the {1} layers of the encoder have an attention map; the others bring tokens together in another way.',
        maps,
        layers,
      )
    : l10n.t(
        '{0} of the {1} layers of the decoder have an attention map; the others bring tokens together in another way.',
        maps,
        layers,
      );
}

/** What of the texts was left out. */
function cuts(summary: TraceSummary): string[] {
  const { truncation, targetTruncation } = summary;
  if (!isEncoderDecoder(summary)) {
    return truncation === undefined ? [] : [describeTruncation(truncation)];
  }
  // With two texts in sight, "the text" would leave open which one is meant.
  const notes: string[] = [];
  if (truncation !== undefined) {
    const { used, total } = truncation;
    notes.push(
      l10n.t(
        'The source text is too long: only its first {0} of {1} tokens were used.',
        used,
        total,
      ),
    );
  }
  if (targetTruncation !== undefined) {
    const { used, total } = targetTruncation;
    notes.push(
      l10n.t('The result is too long: only its first {0} of {1} tokens are shown.', used, total),
    );
  }
  return notes;
}
