/** Words, and the sentence of the text that they are in; without it where the text has no other. */
export interface WordsOfSentence {
  words: string[];
  sentence?: string;
}

/** Why a result may be worth little. */
export type ResultWarning =
  /** The model wrote nothing. */
  | { kind: 'empty' }
  /** The result repeats itself. */
  | { kind: 'repetition' }
  /** A translation came out in the language of its source, or the source is in the target's. */
  | { kind: 'sameLanguage' }
  /** Sentences that stayed as they are, being in the language to translate into already. */
  | { kind: 'alreadyTranslated'; sentences: string[] }
  /** Characters of the text that the model does not know, the most frequent first. */
  | { kind: 'unknownCharacters'; characters: string[]; share: number }
  /** The text is unlike what the model was trained on, or these sentences of it are. */
  | { kind: 'unfamiliar'; sentences?: string[] }
  /** The model says of itself that its results are mostly wrong. */
  | { kind: 'unreliable' }
  /** The model's settings ask for what Headlight does not do: `name = value`. */
  | { kind: 'unmetSettings'; settings: string[] }
  /** The model's settings have values that make no sense and are left out: `name = value`. */
  | { kind: 'invalidSettings'; settings: string[] }
  /** A summary has no fewer letters and digits than its source. */
  | { kind: 'notShorter' }
  /** A summary was broken off, since it would have had as many tokens as its source. */
  | { kind: 'heldShort' }
  /** Sentences whose marks the model did not copy, so that their words were translated apart. */
  | { kind: 'apart'; sentences: string[] }
  /** Sentences that stayed as they are, since the model would not keep their marks at all. */
  | { kind: 'untranslated'; sentences: string[] }
  /** Code, addresses, placeholders and marks that a result lacks, or has and the text has not. */
  | { kind: 'pieces'; missing: string[]; added: string[] }
  /** Names that a translation lacks, or has and the text has not. */
  | { kind: 'names'; missing: string[]; added: string[] }
  /** Words of the text that nothing in a translation seems to stand for. */
  | { kind: 'lostWords'; found: WordsOfSentence[] }
  /** Words of the text that the translator hardly met in training. */
  | { kind: 'rareWords'; found: WordsOfSentence[] }
  /** Sentences of the text that deny something where their translations do not, or the other way round. */
  | { kind: 'negation'; lost: string[]; added: string[] }
  /** The model gave its words less probability than it does where it is right; of these parts of the text. */
  | { kind: 'unsure'; sentences: string[] }
  /** Words that a sentence of a continuation says again, which mostly means that it goes in a circle. */
  | { kind: 'saidAgain'; words: string[] }
  /** Words of a summary that the text does not have. */
  | { kind: 'newWords'; words: string[] }
  /** Sentences of a summary that are no whole sentences of the text. */
  | { kind: 'pieced'; sentences: string[] };
