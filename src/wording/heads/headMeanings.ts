import type { HeadDescription } from '../../shared/attention';
import { phrase, type Phrase } from '../../shared/failure';

/** What the figures of a head's sentence mean, with their units and what its label needs. */
export function headMeaning({ kind }: HeadDescription): Phrase {
  switch (kind) {
    case 'previousToken':
    case 'nextToken':
    case 'attentionSink':
    case 'currentToken':
    case 'separator':
      return phrase(
        'The share of the attention of all tokens that can look at more than one token, on average; those without such a target count as 0. By chance: every token in sight gets the same. The label needs half of the attention, and half as much again as chance.',
      );
    case 'duplicateToken':
      return phrase(
        'The share of the attention of the tokens that stand elsewhere in this text as well, on average. By chance: every token in sight gets the same. The label needs half of the attention, and half as much again as chance.',
      );
    case 'positional':
      return phrase(
        'Each token’s attention is foretold from that of all other tokens by distance alone; the figure is the share of it that is where it was foretold, on average. By chance: every token in sight gets the same. The label needs 40% of the way from chance to 100%.',
      );
    case 'broad':
      return phrase(
        'Evenness is the entropy of a token’s attention as a share of the largest possible, on average: 0% is all of it on one token, 100% the same for every token in sight.',
      );
    case 'aligning':
      return phrase(
        'The mean step between the places that neighbouring tokens look at most, as a share of its mean over all orders of the tokens: near 0% they look side by side, near 100% as if by chance. Places count by their rank (after Bartels, 1982). Besides, the token must tell at least 40% of the largest possible information about the place.',
      );
    case 'monotone':
      return phrase(
        'Spearman’s rank correlation between places of the result and the places in the source that they look at most: 1 is the same order, 0 no order, −1 the reverse.',
      );
    case 'mixed':
      return phrase(
        'Shares of the attention of all tokens that can look at more than one token, on average. By chance: every token in sight gets the same. A share may be part of another one: the token before may be the first one, too. None of the labels that Headlight knows fits on this text.',
      );
    case 'tooShort':
      return phrase('On so few tokens a head that looks around by chance would often get a label.');
  }
}

/** What a mean of heads is worth. */
export function meanMeaning(): Phrase {
  return phrase(
    'The mean of the heads’ probabilities, from 0 to 1. A mean is no head: where it is large, one head may look there alone, or all of them a little.',
  );
}

/** Why a row of cross attention is about one token or the next. */
export function rowMeaning(): Phrase {
  return phrase(
    'A decoder looks at the source at each step: it has read one token of the result and is about to write the next. Which of the two this attention is about is told from the mean of the last cross-attention layer.',
  );
}

/** What the figures on repeated random tokens are. */
export function scoreMeaning(): Phrase {
  return phrase(
    'Shares of the attention of the second copy’s tokens, on average over two sequences of up to 2 × 50 random tokens (Olsson et al., 2022). By chance: every token in sight gets the same. They tell about the model, and nothing of the text.',
  );
}
