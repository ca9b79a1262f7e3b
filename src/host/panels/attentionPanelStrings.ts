import { l10n } from 'vscode';
import type { AttentionPanelStrings } from '../../shared/attentionPanel';

/** The attention panel's words in the user's language. The view fills in `{0}`, `{1}` …. */
export function attentionPanelStrings(): AttentionPanelStrings {
  return {
    emptyTitle: l10n.t('See what the model attends to'),
    emptyHint: l10n.t('Select a sentence in the editor, then trace it.'),
    traceSelection: l10n.t('Trace Attention'),
    retry: l10n.t('Try Again'),
    shape: l10n.t('{0} layers × {1} heads · {2} tokens'),
    overview: l10n.t('All heads'),
    layer: l10n.t('Layer {0}'),
    head: l10n.t('Head {0}'),
    layerHead: l10n.t('Layer {0}, head {1}'),
    cellLabel: l10n.t('Layer {0}, head {1}: entropy {2}, mean largest probability {3}'),
    entropy: l10n.t('Entropy'),
    nats: l10n.t('{0} nats'),
    maximum: l10n.t('Largest probability'),
    distance: l10n.t('Distance'),
    tokens: l10n.t('{0} tokens'),
    onFirst: l10n.t('On the first token'),
    onSelf: l10n.t('On itself'),
    onPrevious: l10n.t('On the previous token'),
    query: l10n.t('Query: the token that looks'),
    key: l10n.t('Key: the token looked at'),
    probability: l10n.t('Probability'),
    readout: l10n.t('“{0}” attends to “{1}”: {2}'),
    readoutMasked: l10n.t('“{0}” cannot see “{1}”, which comes later'),
    readoutHint: l10n.t('Point at a cell, or move with the arrow keys.'),
    mapLabel: l10n.t(
      'Attention map of {0}. Arrow keys move from cell to cell, Enter shows the token in the editor.',
    ),
    failure: l10n.t('{0}: {1}.'),
    failureAt: l10n.t('{0} ({1}): {2}.'),
    loading: l10n.t('Loading…'),
    noAnswer: l10n.t('Headlight did not answer within {0} seconds'),
    noAnswerTodo: l10n.t('try again, or reload the window'),
    kinds: {
      self: l10n.t('self-attention'),
      masked: l10n.t('masked self-attention'),
      cross: l10n.t('cross-attention'),
    },
  };
}
