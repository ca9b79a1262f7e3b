import type { Rewriting, RewritingOptions } from '../../shared/engineApi';
import { Failure, phrase } from '../../shared/failure';
import { hasSameLanguage, writesSpaces } from '../doubts/scripts';
import type { EncoderDecoderModel } from '../openModel';
import { Room, splitToFit } from '../rewriting/fit';
import { readMarkup, wordsBetween } from '../rewriting/markup/document';
import { marksIn } from '../rewriting/markup/marks';
import { withLostPieces, wordsOfSentence } from '../rewriting/markup/pieces';
import { flatten } from '../rewriting/markup/placing';
import { FORMS } from '../rewriting/markup/standIns';
import { masked, templateOf, withoutOuterMarks, wordsOf } from '../rewriting/markup/template';
import type { RewritingPlan, RewritingSource } from '../rewriting/plan';
import { rewrite, type RewritingContext } from '../rewriting/rewrite';
import { splitSentences, USUAL_LANGUAGE } from '../rewriting/sentences';

/**
 * Translates a text sentence by sentence. Lines stay lines, and what stands before their first word
 * and behind their last stays as it is. A sentence that the model cannot read at once is translated
 * in pieces.
 * @param loadMs what opening the model took, for the answer's timing.
 * @throws Failure `input` when the text has no word; `runtime` when a run fails.
 */
export async function translate(
  model: EncoderDecoderModel,
  source: RewritingSource,
  options: RewritingOptions,
  loadMs: number,
  context: RewritingContext,
): Promise<Rewriting> {
  const { languages, prefixes } = model.folder.purpose;
  const room = new Room(model.tokenizer, prefixes.translate, model.limits.context);
  const plan = planTranslation(source, room, languages);
  if (plan.parts.length === 0) {
    throw new Failure({
      kind: 'input',
      what: phrase('There are no words to translate'),
      todo: phrase('select some text first'),
    });
  }
  const rewritten = await rewrite(model, plan, prefixes.translate, options, loadMs, context);
  const answer = withLostPieces(source, rewritten);
  const sentences = answer.parts.map((part) => ({
    source: wordsOfSentence(source.text.slice(part.source.start, part.source.end), source.format),
    result: wordsOfSentence(part.text, source.format),
  }));
  return languages !== undefined && hasSameLanguage(sentences, languages)
    ? { ...answer, doubts: [...answer.doubts, { kind: 'sameLanguage' }] }
    : answer;
}

/**
 * Splits a text at its lines and sentences; between sentences of a line stands a space or not. What
 * surrounds a sentence is copied, and so are the marks within it where it is too long to be read with
 * them.
 */
export function planTranslation(
  { text, format }: RewritingSource,
  room: Room,
  languages: { source: string; target: string } | undefined,
): RewritingPlan {
  const plan: RewritingPlan = { format, parts: [], shorter: false, tail: '' };
  const { lines, marks } = readMarkup(text, format);
  let copied = 0;
  for (const { words } of lines) {
    const inLine = marksIn(marks, words);
    const mask = masked(text, words, inLine);
    const whole = { start: 0, end: mask.length };
    const lead = (start: number): string => {
      const between = text.slice(copied, start);
      const within = copied > words.start;
      return within && languages !== undefined ? spaceFor(languages.target, between) : between;
    };
    for (const found of splitSentences(mask, whole, languages?.source ?? USUAL_LANGUAGE)) {
      const sentence = { start: words.start + found.start, end: words.start + found.end };
      const { range, within } = withoutOuterMarks(text, sentence, inLine);
      const template = templateOf(text, range, within);
      if (!/\p{L}/u.test(wordsOf(template))) {
        continue;
      }
      const [usual] = FORMS;
      if (within.length > 0 && room.fits(flatten(template, usual, () => 'words').text)) {
        plan.parts.push({
          source: range,
          text: wordsOf(template),
          lead: lead(range.start),
          template,
        });
        copied = range.end;
        continue;
      }
      for (const run of wordsBetween(text, range, within)) {
        const { pieces, truncation } = splitToFit(text, run, room);
        if (truncation !== undefined) {
          plan.truncation ??= truncation;
        }
        for (const { start, end } of pieces) {
          plan.parts.push({
            source: { start, end },
            text: text.slice(start, end),
            lead: lead(start),
          });
          copied = end;
        }
      }
    }
  }
  plan.tail = text.slice(copied);
  return plan;
}

/** What a language puts between two sentences of a line, where the source has white space or none. */
function spaceFor(language: string, between: string): string {
  if (between.trim() !== '') {
    return between;
  }
  return writesSpaces(language) ? between || ' ' : '';
}
