import type { Languages } from '../../library/modelPurpose';
import type { ResultWarning, WordsOfSentence } from '../../shared/resultWarning';
import type { TextToTextResult, TextToTextOptions } from '../../shared/textToText';
import { Failure, phrase } from '../../shared/failure';
import { compareNames } from '../warnings/names';
import { unmatchedWords, type Unmatched } from '../warnings/lostWords';
import { negationChange } from '../warnings/negation';
import { isLikelyWrong, totalLogprob } from '../warnings/errorProbability';
import {
  hasSameLanguage,
  isInTarget,
  wordsInTarget,
  writesLatin,
  writesSpaces,
} from '../warnings/scripts';
import type { EncoderDecoderModel } from '../openModel';
import { splitToFit } from '../textToText/splitToFit';
import { TokenBudget } from '../textToText/tokenBudget';
import { readMarkup, wordsBetween } from '../textToText/markup/document';
import { marksIn, withMatches, type Mark } from '../textToText/markup/marks';
import { withLostPieces, wordsOfSentence } from '../textToText/markup/pieces';
import { flatten } from '../textToText/markup/restoreMarks';
import { STAND_IN_FORMS } from '../textToText/markup/standIns';
import { withNumberMarks, withoutNumbers } from '../textToText/markup/numbers';
import {
  maskedText,
  templateOf,
  withoutOuterMarks,
  templateWords,
  type Templates,
} from '../textToText/markup/template';
import type { PlannedPart, TextToTextPlan, SourceText } from '../textToText/plan';
import { runTextToTextPlan, type TextToTextContext } from '../textToText/runPlan';
import { splitSentences, DEFAULT_LANGUAGE } from '../textToText/sentences';

/**
 * Translates a text sentence by sentence. Lines stay lines, and what stands before their first word
 * and behind their last stays as it is. A sentence that the model cannot read at once is translated
 * in pieces.
 * @param loadMs what opening the model took, for the answer's timing.
 * @throws Failure `input` when the text has no word; `runtime` when a run fails.
 */
export async function translate(
  model: EncoderDecoderModel,
  source: SourceText,
  options: TextToTextOptions,
  loadMs: number,
  context: TextToTextContext,
): Promise<TextToTextResult> {
  const { languages, prefixes } = model.folder.purpose;
  const budget = new TokenBudget(model.tokenizer, prefixes.translate, model.limits.context);
  const plan = planTranslation(source, budget, languages);
  if (plan.parts.length + plan.alreadyTranslated.length === 0) {
    throw new Failure({
      kind: 'input',
      what: phrase('There are no words to translate'),
      remedy: phrase('select some text first'),
    });
  }
  const generated = await runTextToTextPlan(
    model,
    plan,
    prefixes.translate,
    options,
    loadMs,
    context,
  );
  const answer = withLostPieces(source, generated);
  const warnings = languages === undefined ? [] : languageWarnings(source, plan, answer, languages);
  return {
    ...answer,
    warnings: [...answer.warnings, ...warnings, ...wrongWarnings(model, source, plan, answer)],
  };
}

/** Of a translator that has no lexicon. */
const NONE_UNMATCHED: Unmatched = { lost: [], rare: [] };

/**
 * Warnings about what sentences say, of those that came to their end: names that differ, and where the model
 * has limits for it, what shows that a translation is wrong.
 */
function wrongWarnings(
  { domain, folder: { purpose, lexicon } }: EncoderDecoderModel,
  { text, format }: SourceText,
  plan: TextToTextPlan,
  answer: TextToTextResult,
): ResultWarning[] {
  const { languages } = purpose;
  if (languages === undefined || answer.stop === 'cancelled') {
    return [];
  }
  const names = { missing: [] as string[], added: [] as string[] };
  const lostWords: WordsOfSentence[] = [];
  const rareWords: WordsOfSentence[] = [];
  const isOnly = plan.parts.length + plan.alreadyTranslated.length === 1;
  const negations = { lost: [] as string[], added: [] as string[] };
  const unsure: string[] = [];
  const unfamiliar = answer.warnings.flatMap((warning) =>
    warning.kind === 'unfamiliar' ? (warning.sentences ?? []) : [],
  );
  for (const [part, { source: range, text: result, tokens }] of answer.parts.entries()) {
    const sentence = text.slice(range.start, range.end);
    if (result === sentence) {
      continue;
    }
    const [from, to] = [sentence, result].map((one) => wordsOfSentence(one, format));
    const compared = compareNames(from ?? '', to ?? '', lexicon);
    names.missing.push(...compared.missing);
    names.added.push(...(writesLatin(languages.target) ? [] : compared.added));
    if (domain?.wrong === undefined) {
      continue;
    }
    const change = negationChange(from ?? '', to ?? '', languages);
    // What has a warning already is named once, unless it now says the opposite.
    if (unfamiliar.includes(plan.parts[part]?.text ?? '')) {
      if (change !== undefined) {
        negations[change].push(sentence);
      }
      continue;
    }
    const { lost, rare } =
      lexicon === undefined ? NONE_UNMATCHED : unmatchedWords(from ?? '', to ?? '', lexicon);
    const features = {
      logprob: totalLogprob(tokens),
      unmatchedWords: lost.length + rare.length,
      negation: change === undefined ? 0 : 1,
    };
    if (isLikelyWrong(features, domain.wrong)) {
      const wordsOf = (words: string[]): WordsOfSentence[] =>
        words.length === 0 ? [] : [{ words, ...(isOnly ? {} : { sentence }) }];
      lostWords.push(...wordsOf(lost));
      rareWords.push(...wordsOf(rare));
      if (change !== undefined) {
        negations[change].push(sentence);
      }
      const isNamed = change !== undefined || lost.length + rare.length > 0;
      unsure.push(...(isNamed ? [] : [sentence]));
    }
  }
  return [
    ...(names.missing.length + names.added.length === 0
      ? []
      : [{ kind: 'names' as const, ...names }]),
    ...(negations.lost.length + negations.added.length === 0
      ? []
      : [{ kind: 'negation' as const, ...negations }]),
    ...(lostWords.length === 0 ? [] : [{ kind: 'lostWords' as const, found: lostWords }]),
    ...(rareWords.length === 0 ? [] : [{ kind: 'rareWords' as const, found: rareWords }]),
    ...(unsure.length === 0 ? [] : [{ kind: 'unsure' as const, sentences: unsure }]),
  ];
}

/** Warnings about the languages of the text and the result; each sentence is told of once. */
function languageWarnings(
  { text, format }: SourceText,
  { parts, alreadyTranslated }: TextToTextPlan,
  answer: TextToTextResult,
  languages: Languages,
): ResultWarning[] {
  const untranslated = answer.warnings.flatMap((warning) =>
    warning.kind === 'untranslated' ? warning.sentences : [],
  );
  const sentences = answer.parts
    .map((part) => ({ source: text.slice(part.source.start, part.source.end), result: part.text }))
    .filter(({ source }) => !untranslated.includes(source))
    .map(({ source, result }) => ({
      source: wordsOfSentence(source, format),
      result: wordsOfSentence(result, format),
    }));
  const nothingElse = parts.length === 0;
  return [
    ...(alreadyTranslated.length === 0 || nothingElse
      ? []
      : [{ kind: 'alreadyTranslated' as const, sentences: alreadyTranslated }]),
    ...(nothingElse || hasSameLanguage(sentences, languages)
      ? [{ kind: 'sameLanguage' as const }]
      : []),
  ];
}

/**
 * Splits a text at its lines and sentences; between sentences of a line stands a space or not. What
 * surrounds a sentence is copied, and so are the marks within it where it is too long to be read with
 * them. A sentence that is in the target's language already is copied as a whole.
 */
export function planTranslation(
  { text, format, labels }: SourceText,
  budget: TokenBudget,
  languages: Languages | undefined,
): TextToTextPlan {
  const plan: TextToTextPlan = {
    format,
    parts: [],
    shorter: false,
    tail: '',
    alreadyTranslated: [],
  };
  const { lines, marks } = readMarkup(text, format, labels);
  const known = languages && wordsInTarget(languages);
  /** What is copied in front of the next part, besides what stands behind `copied`. */
  let ahead = '';
  let copied = 0;
  const add = (part: PlannedPart): void => {
    plan.parts.push({ ...part, lead: ahead + part.lead });
    ahead = '';
    copied = part.source.end;
  };
  for (const line of lines) {
    const inLine = marksIn(marks, line.words);
    const mask = maskedText(text, line.words, inLine);
    const whole = { start: 0, end: mask.length };
    const lead = (start: number): string => {
      const between = text.slice(copied, start);
      const within = copied > line.words.start;
      return within && languages !== undefined && !runsOn(inLine, copied)
        ? spaceFor(languages.target, between)
        : between;
    };
    for (const found of splitSentences(mask, whole, languages?.source ?? DEFAULT_LANGUAGE)) {
      const sentence = {
        start: line.words.start + found.start,
        end: line.words.start + found.end,
      };
      const { range, within: ownMarks } = withoutOuterMarks(text, sentence, inLine);
      const allWords = templateWords(templateOf(text, range, ownMarks));
      if (!/\p{L}/u.test(withoutNumbers(allWords))) {
        continue;
      }
      if (languages !== undefined && isInTarget(allWords, languages)) {
        const kept = text.slice(range.start, range.end);
        plan.alreadyTranslated.push(kept);
        // Between two that are copied, what is there is copied too.
        ahead += (ahead === '' ? lead(range.start) : text.slice(copied, range.start)) + kept;
        copied = range.end;
        continue;
      }
      // Single words of the target's language are kept as names of programs are.
      const within = known === undefined ? ownMarks : withMatches(text, range, ownMarks, known);
      const template = templateOf(text, range, within);
      const words = templateWords(template);
      const [usual] = STAND_IN_FORMS;
      const marked = withNumberMarks(text, range, within);
      if (marked.length > 0 && budget.fits(flatten(template, usual, () => 'words').text)) {
        const templates: Templates =
          marked.length === within.length
            ? [template]
            : [template, templateOf(text, range, marked)];
        add({ source: range, text: words, lead: lead(range.start), templates });
        continue;
      }
      for (const run of wordsBetween(text, range, within)) {
        const { pieces, truncation } = splitToFit(text, run, budget);
        if (truncation !== undefined) {
          plan.truncation ??= truncation;
        }
        for (const { start, end } of pieces) {
          add({ source: { start, end }, text: text.slice(start, end), lead: lead(start) });
        }
      }
    }
  }
  plan.tail = ahead + text.slice(copied);
  return plan;
}

/** Whether a sentence ends with a mark that Markdown does not see the end of without a space. */
function runsOn(marks: readonly Mark[], sentenceEnd: number): boolean {
  return marks.some(({ role, end }) => role === 'close' && end === sentenceEnd);
}

/** What a language puts between two sentences of a line, where the source has white space or none. */
function spaceFor(language: string, between: string): string {
  if (between.trim() !== '') {
    return between;
  }
  return writesSpaces(language) ? between || ' ' : '';
}
