import { l10n } from 'vscode';
import { isEncoderDecoder, type TraceSummary } from '../../shared/attention';
import { describeTruncation } from '../messages';

/** What the user should know of a trace before looking at it, as whole sentences. */
export function traceNotes(summary: TraceSummary): string[] {
  const { truncation } = summary;
  if (truncation === undefined) {
    return [];
  }
  // With two texts in sight, "the text" would leave open which one is meant.
  if (isEncoderDecoder(summary) && truncation.kept === 'start') {
    const { used, total } = truncation;
    return [
      l10n.t(
        'The source text is too long: only its first {0} of {1} tokens were used.',
        used,
        total,
      ),
    ];
  }
  return [describeTruncation(truncation)];
}
