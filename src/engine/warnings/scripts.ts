import type { Languages } from '../../library/modelPurpose';

/** Unicode scripts of the languages that are not written in Latin letters. */
const SCRIPTS: Record<string, readonly string[]> = {
  ar: ['Arabic'],
  be: ['Cyrillic'],
  bg: ['Cyrillic'],
  bn: ['Bengali'],
  el: ['Greek'],
  fa: ['Arabic'],
  he: ['Hebrew'],
  hi: ['Devanagari'],
  hy: ['Armenian'],
  ja: ['Han', 'Hiragana', 'Katakana'],
  ka: ['Georgian'],
  kk: ['Cyrillic'],
  ko: ['Hangul'],
  mk: ['Cyrillic'],
  mr: ['Devanagari'],
  ru: ['Cyrillic'],
  ta: ['Tamil'],
  th: ['Thai'],
  uk: ['Cyrillic'],
  ur: ['Arabic'],
  zh: ['Han'],
};

/** A share of a text above this makes it a text of that script. */
const MOST = 0.5;
/** Shorter texts may well be the same in two languages: names, “OK”, commands. */
const FEWEST_WORDS = 3;

/** A text and what a model made of it. */
export interface Translated {
  source: string;
  result: string;
}

/** One character of a script without spaces, or a word of any other one. */
const UNIT =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\P{L}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;

/**
 * Whether a translation, or one of its sentences, came out in the language of its source. A sentence
 * of one or two words is judged with the others.
 */
export function hasSameLanguage(sentences: readonly Translated[], languages: Languages): boolean {
  const whole: Translated = {
    source: sentences.map(({ source }) => source).join(' '),
    result: sentences.map(({ result }) => result).join(' '),
  };
  const long = sentences.filter(({ source }) => countWords(source) >= FEWEST_WORDS);
  return [whole, ...long].some((one) => sameLanguage(one, languages));
}

/**
 * Whether a translation came out in the language of its source, or the source was in the target's
 * already. Told by the script; of two languages that share one, a copy of the source is noticed.
 */
export function sameLanguage({ source, result }: Translated, languages: Languages): boolean {
  const target = scriptsOf(languages.target);
  if (scriptsOf(languages.source).some((script) => target.includes(script))) {
    return countWords(source) >= FEWEST_WORDS && result.trim() === source.trim();
  }
  const inTarget = share(target);
  return inTarget(source) > MOST || inTarget(result) < MOST;
}

/**
 * Whether a text is in the language to translate into already: most of it is in a script of the
 * target, and none of it in one of the source. Latin words may be there as well, since every
 * language writes names in them: `打开 README 文件`. Of languages that share a script nobody knows.
 */
export function isInTarget(text: string, languages: Languages): boolean {
  const source = scriptsOf(languages.source);
  const target = scriptsOf(languages.target);
  const foreign = target.includes('Latin') ? source : source.filter((script) => script !== 'Latin');
  return (
    !source.some((script) => target.includes(script)) &&
    !(foreign.length > 0 && letterOf(foreign).test(text)) &&
    share(target)(text) > MOST
  );
}

/**
 * Finds words of a text that are in the language to translate into already, where its script tells;
 * nothing does where it is Latin, in which every language has names, or the script of the source.
 */
export function wordsInTarget(languages: Languages): RegExp | undefined {
  const source = scriptsOf(languages.source);
  const target = scriptsOf(languages.target);
  if (target.some((script) => script === 'Latin' || source.includes(script))) {
    return undefined;
  }
  const letter = letterOf(target).source;
  const word = String.raw`${letter}(?:${letter}|[\p{M}ー])*`;
  return new RegExp(String.raw`${word}(?:[ 、，·]{1,2}${word})*`, 'gu');
}

/** Whether a language is written with spaces between its sentences. */
export function writesSpaces(language: string): boolean {
  return !/^(zh|ja|th)\b/.test(language);
}

/** Whether a language is written in Latin letters, so that its words cannot be told from names. */
export function writesLatin(language: string): boolean {
  return scriptsOf(language).includes('Latin');
}

function countWords(text: string): number {
  return (text.match(UNIT) ?? []).length;
}

function scriptsOf(language: string): readonly string[] {
  return SCRIPTS[language.split('-')[0] ?? ''] ?? ['Latin'];
}

function letterOf(scripts: readonly string[]): RegExp {
  return new RegExp(`[${scripts.map((name) => `\\p{Script=${name}}`).join('')}]`, 'u');
}

/** Words in quotation marks, which may be of another language than their sentence. */
const QUOTED =
  /“[^“”]*”|"[^"]*"|‘[^‘’]*’|(?<!\p{L})'[^']*'(?!\p{L})|«[^«»]*»|「[^「」]*」|『[^『』]*』/gu;

/**
 * Measures the share of a text that is in some scripts, quoted words apart. A word of letters counts as one, and so
 * does each character of scripts without spaces, since these stand for about as much; thus a few
 * names of programs do not make a Chinese sentence an English one. A text without letters is
 * neither of a script nor of another.
 */
function share(scripts: readonly string[]): (text: string) => number {
  const letter = letterOf(scripts);
  return (text) => {
    const units = text.replace(QUOTED, ' ').match(UNIT) ?? text.match(UNIT) ?? [];
    return units.length === 0
      ? MOST
      : units.filter((unit) => letter.test(unit)).length / units.length;
  };
}
