import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { OpenModel } from '../../../src/engine/openModel';
import { trace } from '../../../src/engine/tasks/trace';
import { root } from '../../support/root';
import type { AlignedTexts } from './alignment';

/** A sentence of the grammar, its translation, and the words that translate one another. */
interface Example {
  en: string;
  zh: string;
  aligned: AlignedTexts['aligned'];
}

/** Sentences that the translator never saw, translated and aligned by the grammar that made them. */
export function alignedByGrammar(): AlignedTexts[] {
  return examples().map(({ en, zh, aligned }) => ({ source: en, result: zh, aligned }));
}

/** How many sentences make a passage, and letters a word that is looked for. */
const SENTENCES = 3;
const LETTERS = 4;

/**
 * Passages of three sentences with the summaries that a model makes of them. A word of a summary belongs to
 * the same word of its passage, if that is there only once.
 */
export async function copiedWords(model: OpenModel): Promise<AlignedTexts[]> {
  const sentences = examples().map(({ en }) => en);
  const found: AlignedTexts[] = [];
  for (let at = 0; at + SENTENCES <= sentences.length; at += SENTENCES) {
    const source = sentences.slice(at, at + SENTENCES).join(' ');
    const { summary } = await trace(model, source, undefined, new AbortController().signal);
    const result = summary.target ?? '';
    const aligned = wordsOf(result).flatMap((word): AlignedTexts['aligned'] => {
      const same = wordsOf(source).filter(({ text }) => text === word.text);
      const [only] = same;
      return only !== undefined && same.length === 1
        ? [[only.start, only.end, word.start, word.end]]
        : [];
    });
    found.push({ source, result, aligned });
  }
  return found;
}

function wordsOf(text: string): { text: string; start: number; end: number }[] {
  return Array.from(text.matchAll(/\p{L}+/gu), ({ 0: word, index }) => ({
    text: word.toLowerCase(),
    start: index,
    end: index + word.length,
  })).filter(({ text: { length } }) => length >= LETTERS);
}

function examples(): Example[] {
  const file = path.join(root, 'test/fixtures/translate/alignments.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Example[];
}
