import { splitSentences } from '../textToText/sentences';
import { stemOf } from './lostWords';

/** What a summary has besides whole sentences of its text. */
export interface NonExtractive {
  /** Words that the text does not have. */
  words: string[];
  /** Sentences that are put together from words of the text, or are a part of a sentence of it. */
  sentences: string[];
}

const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}'’._+-]*[\p{L}\p{N}])?/gu;

/**
 * Finds the sentences of a summary that are not copied from its text, and the words that the text does not
 * have; capitals and punctuation do not count. A sentence with such words is reported by its words, not as
 * a sentence. A known word with another ending is no new word, but its sentence counts as changed:
 * `Set the option` instructs the reader, `Sets the option` describes what something does.
 * @param language BCP 47 tag of both.
 */
export function nonExtractive(text: string, summary: string, language: string): NonExtractive {
  const known = new Set(wordsOf(text).map(withoutEnding));
  const whole = new Set(sentencesOf(text, language).map((one) => wordsOf(one).join(' ')));
  const found: NonExtractive = { words: [], sentences: [] };
  for (const sentence of sentencesOf(summary, language)) {
    const words = wordsOf(sentence);
    if (words.length === 0 || whole.has(words.join(' '))) {
      continue;
    }
    const strange = (sentence.match(WORD) ?? []).filter(
      (word) => !known.has(withoutEnding(word.toLowerCase())),
    );
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

/** A word of three letters or more that has none of the endings `s`, `ed` and `ing`. */
const UNENDED = /^\p{L}{3,}(?<!s|ed|ing)$/u;

/** A stem is one of a word with an ending: that of `file` is not that of `files`. */
function withoutEnding(word: string): string {
  return /^\p{L}+$/u.test(word) ? stemOf(UNENDED.test(word) ? `${word}s` : word) : word;
}
