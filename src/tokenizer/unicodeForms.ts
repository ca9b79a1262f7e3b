import { AlignedTextBuilder } from './alignedText';
import type { AlignedText, Change } from './alignedText';

/** Unicode normalization forms, Unicode Standard Annex #15. */
export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * Normalizes cluster by cluster, a cluster being a character and what may combine with it.
 * @param kept  a character that is left as it is
 */
export function normalizeUnicode(text: AlignedText, form: UnicodeForm, kept?: string): AlignedText {
  if (!LONG_RUN.test(text.text) && text.text.normalize(form) === text.text) {
    return text;
  }
  const builder = new AlignedTextBuilder(text);
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

/**
 * Characters of a cluster that are sorted together. What puts marks in order takes time with the
 * square of their number; in no writing do more than 30 follow each other (Unicode Standard Annex
 * #15, "Stream-Safe Text Format"), so that a text of marks alone is cut.
 */
const MOST_MARKS = 1000;

const LONG_RUN = new RegExp(`[${COMBINING}]{${MOST_MARKS}}`, 'u');

/** Nothing within a cluster combines or changes places with anything outside it, unless it is cut. */
const CLUSTER = new RegExp(
  `[^${COMBINING}][${COMBINING}]{0,${MOST_MARKS}}|[${COMBINING}]{1,${MOST_MARKS}}`,
  'gu',
);

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
  const unordered = new Changes(parts);
  const ordered = new Changes(
    Array.from(cluster.normalize(decomposition), (character) => unordered.take(character)),
  );
  return Array.from(cluster.normalize(form), (character) => {
    const taken = Array.from(character.normalize(decomposition), (part) => ordered.take(part));
    return {
      character,
      growth: taken.reduce((sum, { growth }) => sum + growth, 1 - taken.length),
    };
  });
}

/** Changes that are taken one after the other, of each character the first one first. */
class Changes {
  private readonly left = new Map<string, Change[]>();

  constructor(changes: readonly Change[]) {
    for (const change of changes.toReversed()) {
      const alike = this.left.get(change.character);
      if (alike === undefined) {
        this.left.set(change.character, [change]);
      } else {
        alike.push(change);
      }
    }
  }

  take(character: string): Change {
    return this.left.get(character)?.pop() ?? { character, growth: 1 };
  }
}
