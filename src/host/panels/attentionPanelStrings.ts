import { l10n } from 'vscode';
import type { AttentionPanelStrings } from '../../shared/attentionPanel';

/** The attention panel's words in the user's language. The view fills in `{0}`, `{1}` …. */
export function attentionPanelStrings(): AttentionPanelStrings {
  return {
    emptyTitle: l10n.t('See what the model attends to'),
    emptyHint: l10n.t('Select a sentence in the editor, then trace it.'),
    traceSelection: l10n.t('Trace Attention'),
    remedies: {
      retry: l10n.t('Try Again'),
      traceAgain: l10n.t('Trace Again'),
      chooseModel: l10n.t('Choose Model'),
    },
    retry: l10n.t('Try Again'),
    shape: l10n.t('{0} layers × {1} heads · {2} tokens'),
    shapeOfBoth: l10n.t(
      '{0} encoder and {1} decoder layers × {2} heads · {3} source and {4} result tokens',
    ),
    emptyResult: l10n.t('The model wrote nothing.'),
    overview: l10n.t('All heads'),
    layer: l10n.t('Layer {0}'),
    head: l10n.t('Head {0}'),
    meanOfHeads: l10n.t('Mean of the heads'),
    layerHead: l10n.t('Layer {0}, head {1}'),
    layerHeads: {
      encoder: l10n.t('Encoder layer {0}, head {1}'),
      decoder: l10n.t('Decoder layer {0}, head {1}'),
      cross: l10n.t('Cross-attention layer {0}, head {1}'),
    },
    layerMean: l10n.t('Mean of cross-attention layer {0}'),
    groups: { encoder: l10n.t('Encoder'), decoder: l10n.t('Decoder'), cross: l10n.t('Cross') },
    directions: {
      encoder: l10n.t('source → source'),
      decoder: l10n.t('result → result'),
      cross: l10n.t('result → source'),
    },
    sequences: { encoder: l10n.t('Source'), decoder: l10n.t('Result') },
    cellLabel: l10n.t('Layer {0}, head {1}: entropy {2}, mean largest probability {3}'),
    entropy: l10n.t('Entropy'),
    nats: l10n.t('{0} nats'),
    maximum: l10n.t('Largest probability'),
    distance: l10n.t('Distance'),
    tokens: l10n.t('{0} tokens'),
    onFirst: l10n.t('On the first token'),
    onSelf: l10n.t('On itself'),
    onPrevious: l10n.t('On the previous token'),
    meanings: {
      entropy: l10n.t(
        'How widely a token’s attention is spread, in nats, on average. 0: all of it goes to one token. The most possible here is {0}: all tokens get the same.',
      ),
      distance: l10n.t(
        'How far away the tokens are that are looked at, in tokens, weighted by attention, on average. Small: the head looks at neighbours; large: it looks far off.',
      ),
      maximum: l10n.t(
        'The largest probability in a token’s attention, from 0 to 1, on average. Near 1: each token looks at one other alone; small: at many.',
      ),
      onFirst: l10n.t(
        'The share of the attention that goes to the first token, from 0 to 1. Where it is large, the head often rests there and does little.',
      ),
      onSelf: l10n.t(
        'The share of the attention that a token pays to itself, from 0 to 1, on average. Near 1: each looks at itself alone.',
      ),
      onPrevious: l10n.t(
        'The share of the attention that goes to the token just before, from 0 to 1, on average over the tokens that have one. Near 1: a previous-token head. The sentence above leaves out tokens that can look at no other.',
      ),
    },
    query: l10n.t('Query: the token that looks'),
    key: l10n.t('Key: the token looked at'),
    queriesOf: {
      encoder: l10n.t('Source tokens (queries)'),
      decoder: l10n.t('Result tokens (queries)'),
    },
    keysOf: {
      encoder: l10n.t('Source tokens (keys)'),
      decoder: l10n.t('Result tokens (keys)'),
    },
    probability: l10n.t('Probability'),
    probabilityHint: l10n.t(
      'How much of its attention, 0 to 1, a query gives to a key; a row adds up to 1. Colours follow the square root, so that small shares can be told apart, and the last one stands for the largest share of this map.',
    ),
    readout: l10n.t('“{0}” attends to “{1}”: {2}'),
    readoutCross: l10n.t('Result “{0}” attends to source “{1}”: {2}'),
    readoutMasked: l10n.t('“{0}” cannot see “{1}”, which comes later'),
    readoutHint: l10n.t('Point at a cell, or move with the arrow keys.'),
    readoutHintCross: l10n.t('Point at a token or a cell, or move with the arrow keys.'),
    attendsMost: l10n.t('Result “{0}” attends to source {1}'),
    notWritten: l10n.t('“{0}” begins the result and was not written'),
    attendedMost: l10n.t('Source “{0}” is attended to by result {1}'),
    weighted: l10n.t('“{0}” {1}'),
    mapLabel: l10n.t(
      'Attention map of {0}. Arrow keys move from cell to cell, Enter shows the token in the editor.',
    ),
    mapLabelCross: l10n.t(
      'Attention map of {0}. Arrow keys move from cell to cell, Enter shows the source token in the editor.',
    ),
    mapLabelAlone: l10n.t('Attention map of {0}. Arrow keys move from cell to cell.'),
    failure: l10n.t('{0}: {1}.'),
    failureAt: l10n.t('{0} ({1}): {2}.'),
    loading: l10n.t('Loading…'),
    noAnswer: l10n.t('Headlight did not answer within {0} seconds'),
    noAnswerTodo: l10n.t('try again, or reload the window'),
    verify: l10n.t('Verify'),
    verifyHint: l10n.t(
      'Compute the same with the reference Transformer, and compare all attention and the logits',
    ),
    ablate: l10n.t('What is this head good for?'),
    ablateHint: l10n.t(
      'Measure how well the model guesses the tokens of the text with this head and without it',
    ),
    ablateElsewhere: l10n.t('Measure over more of the document'),
    stop: l10n.t('Stop'),
    scores: l10n.t('Try random tokens'),
    scoresHint: l10n.t(
      'Run random tokens that come twice through the model: an induction head looks at what followed last time. This tells about the model, whatever the text is.',
    ),
    kinds: {
      self: l10n.t('self-attention'),
      masked: l10n.t('masked self-attention'),
      cross: l10n.t('cross-attention'),
    },
  };
}
