import type { Languages } from '../../library/modelPurpose';

/** How the negation of a sentence differs from that of its translation. */
export type NegationChange = 'lost' | 'added';

/** English words that deny, apart from phrases that do not. */
const ENGLISH =
  /\b(?:not|cannot|never|no|none|nothing|nobody|nowhere|neither|nor|without)\b|n['’]t\b/iu;
const ENGLISH_PHRASES = /\b(?:whether or not|not only|no matter|no\. ?(?=\d))/giu;

/**
 * English words for which a good translation may have a negation: those with a denying prefix or suffix,
 * and those that mean that something is not so.
 */
const ENGLISH_IMPLIED =
  /\b(?:un|in|im|il|ir|dis|non|mis|de)-?\p{L}{3,}|\p{L}less\b|\b(?:fail|miss|lack|reject|refus|den[iy]|prevent|avoid|prohibit|forbid|ban|stop|ignor|skip|lose|lost|exclud|omit|empt|wrong|bad|corrupt|expir|block|abort|broken|drop)\p{L}*|\b(?:unless|until|except|only|before|otherwise|else|hardly|rarely|seldom|too|against|instead|rather|least|fewer|less|false|null|absent|any|or|few|free|end)\b/iu;

/** Chinese characters that deny, apart from words in which they do not. */
const CHINESE = /[不没未无勿莫非否]|(?<![特分区识级类个差性辨判])别(?![名的处人])|禁止|拒绝/u;
const CHINESE_WORDS =
  /是否|否则|不相同|不一样|不停|不得不|不同|不过|不仅|不但|不断|不久|不论|不管|不妨|不足|不止|不一致|无论|无线|非常|未来|莫非|是不是|能不能|要不要/gu;

/**
 * Limits that English puts as a denied comparison: `no more than`, `must not exceed`; and what Chinese
 * says for them, with a negation or without one.
 */
const LIMITS: readonly { english: RegExp; chinese: RegExp }[] = [
  {
    english: limit(
      String.raw`(?:more|longer|later|older|newer|greater|larger|bigger|higher|further|wider) than|exceed`,
      String.raw`at most|up to`,
    ),
    chinese:
      /最多|至多|最迟|最晚|最长|最大|最高|[不未][应得能可会要]?(?:超过|超出|多于|大于|高于|长于|晚于|迟于|早于)|以内|之内|以下|之前/gu,
  },
  {
    english: limit(
      String.raw`(?:less|fewer|shorter|earlier|sooner|older|newer|smaller|lower) than`,
      String.raw`at least`,
    ),
    chinese:
      /最少|至少|最早|最短|最小|最低|[不未][应得能可会要]?(?:少于|小于|低于|短于|早于|晚于)|以上|之后/gu,
  },
];

/** A comparison that is denied, at most two words before, or what says the same without a denial. */
function limit(comparison: string, plain: string): RegExp {
  return new RegExp(
    String.raw`\b(?:no|(?:not|cannot|never|\p{L}+n['’]t)(?:\s+\p{L}+){0,2}?)\s+(?:${comparison})\b|\b(?:${plain})\b`,
    'giu',
  );
}

/** Both sentences without the limits that both have. */
function withoutLimits(source: string, result: string): { source: string; result: string } {
  return LIMITS.reduce(
    (left, { english, chinese }) =>
      left.source.search(english) < 0 || left.result.search(chinese) < 0
        ? left
        : {
            source: left.source.replaceAll(english, ' '),
            result: left.result.replaceAll(chinese, ' '),
          },
    { source, result },
  );
}

/** The value `None` of programs, which a translation keeps as it is written. */
const KEPT_VALUE = /(?<![A-Za-z])none(?![A-Za-z])/giu;

function withoutKeptValues(source: string, result: string): string {
  const kept = new Set(result.match(KEPT_VALUE));
  return source.replaceAll(KEPT_VALUE, (value) => (kept.has(value) ? ' ' : value));
}

/**
 * Whether an English sentence denies something and its Chinese translation nothing, or the other way
 * round; of other languages nothing is known. A translation may put a double negation into a statement,
 * but hardly a single one.
 */
export function negationChange(
  source: string,
  result: string,
  languages: Languages,
): NegationChange | undefined {
  if (!/^en\b/.test(languages.source) || !/^zh\b/.test(languages.target)) {
    return undefined;
  }
  const compared = withoutLimits(source, result);
  const plain = withoutKeptValues(compared.source, result).replaceAll(ENGLISH_PHRASES, ' ');
  const denies = ENGLISH.test(plain);
  const resultDenies = CHINESE.test(compared.result.replaceAll(CHINESE_WORDS, ' '));
  if (denies === resultDenies) {
    return undefined;
  }
  return denies ? 'lost' : ENGLISH_IMPLIED.test(plain) ? undefined : 'added';
}
