import { splitSentences } from '../textToText/sentences';

/** What of a summary is no whole sentence of its text. */
export interface NotCopied {
  /** Words that the text does not have. */
  words: string[];
  /** Sentences that are put together from words of the text, or are a part of a sentence of it. */
  sentences: string[];
}

const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}'’._+-]*[\p{L}\p{N}])?/gu;

/**
 * Compares a summary with its text, sentence by sentence and word by word; capitals and punctuation do not
 * count. A sentence with words that the text does not have is told of by these alone.
 * @param language BCP 47 tag of both.
 */
export function notCopied(text: string, summary: string, language: string): NotCopied {
  const known = new Set(wordsOf(text));
  const whole = new Set(sentencesOf(text, language).map((one) => wordsOf(one).join(' ')));
  const found: NotCopied = { words: [], sentences: [] };
  for (const sentence of sentencesOf(summary, language)) {
    const words = wordsOf(sentence);
    if (words.length === 0 || whole.has(words.join(' '))) {
      continue;
    }
    const strange = (sentence.match(WORD) ?? []).filter((word) => !known.has(word.toLowerCase()));
    if (strange.length > 0) {
      found.words.push(...strange);
    } else {
      found.sentences.push(sentence);
    }
  }
  return found;
}

function sentencesOf(text: string, language: string): string[] {
  return splitSentences(text, { start: 0, end: text.length }, language).map(({ start, end }) =>
    text.slice(start, end),
  );
}

function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase());
}
