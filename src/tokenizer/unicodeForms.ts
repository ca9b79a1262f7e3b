import { AlignedTextBuilder } from './alignedText';
import type { AlignedText, Change } from './alignedText';

/** Unicode normalization forms, Unicode Standard Annex #15. */
export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * Normalizes cluster by cluster, a cluster being a character and what may combine with it.
 * @param kept  a character that is left as it is
 */
export function normalizeUnicode(text: AlignedText, form: UnicodeForm, kept?: string): AlignedText {
  if (text.text.normalize(form) === text.text) {
    return text;
  }
  const builder = new AlignedTextBuilder(text.origin);
  for (const { index, 0: cluster } of text.text.matchAll(CLUSTER)) {
    if (cluster === kept || cluster.normalize(form) === cluster) {
      builder.appendFrom(text, index, index + cluster.length);
    } else {
      appendNormalized(builder, text, index, cluster, form);
    }
  }
  return builder.build();
}

/**
 * Characters that may combine with what precedes them, or are made of such: marks, vowels and finals
 * of Hangul (jamo of three blocks), the vowel AM of Thai and Lao, and the voice marks of halfwidth
 * kana.
 */
const COMBINING = String.raw`\p{M}\u1160-\u11ff\u3131-\u318e\uffa0-\uffdc\u0e33\u0eb3\uff9e\uff9f`;

/** Nothing within a cluster combines or changes places with anything outside it. */
const CLUSTER = new RegExp(`[^${COMBINING}][${COMBINING}]*|[${COMBINING}]+`, 'gu');

/**
 * Hands on ranges as the package `tokenizers` does. It counts: a character that does not make the
 * text longer stands for the next one of the source, one that does for the same as its
 * predecessor, and one that swallows others steps over them. So after a composed character the
 * marks left over stand for the last ones of the cluster, whichever they were.
 */
function appendNormalized(
  builder: AlignedTextBuilder,
  text: AlignedText,
  index: number,
  cluster: string,
  form: UnicodeForm,
): void {
  const starts = characterStarts(cluster, index);
  let next = 0;
  for (const { character, growth } of changes(cluster, form)) {
    const unit = starts[growth > 0 ? Math.max(0, next - 1) : next] ?? starts.at(-1) ?? index;
    const { start, end } = text.characterAt(unit);
    builder.append(character, start, end);
    next += 1 - growth;
  }
}

/** Where each character of a cluster begins in the text. */
function characterStarts(cluster: string, index: number): number[] {
  let unit = index;
  return Array.from(cluster, (character) => {
    const start = unit;
    unit += character.length;
    return start;
  });
}

/** The characters of a normalized cluster, each with the growth of those it is composed of. */
function changes(cluster: string, form: UnicodeForm): Change[] {
  const decomposition = form === 'NFC' || form === 'NFD' ? 'NFD' : 'NFKD';
  const parts = Array.from(cluster).flatMap((character) =>
    Array.from(character.normalize(decomposition), (part, position) => ({
      character: part,
      growth: position === 0 ? 0 : 1,
    })),
  );
  const ordered = Array.from(cluster.normalize(decomposition), (character) =>
    takeFirst(parts, character),
  );
  return Array.from(cluster.normalize(form), (character) => {
    const taken = Array.from(character.normalize(decomposition), (part) =>
      takeFirst(ordered, part),
    );
    return {
      character,
      growth: taken.reduce((sum, { growth }) => sum + growth, 1 - taken.length),
    };
  });
}

/** Takes the first entry with a character out of a list. */
function takeFirst(list: Change[], character: string): Change {
  const index = list.findIndex((entry) => entry.character === character);
  const [taken] = index < 0 ? [] : list.splice(index, 1);
  return taken ?? { character, growth: 1 };
}
