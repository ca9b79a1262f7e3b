import type { Rewriting, RewritingOptions } from '../../shared/engineApi';
import { Failure, phrase } from '../../shared/failure';
import { hasSameLanguage, writesSpaces } from '../doubts/scripts';
import type { EncoderDecoderModel } from '../openModel';
import { Room, splitToFit } from '../rewriting/fit';
import { readLines } from '../rewriting/lines';
import type { RewritingPlan } from '../rewriting/plan';
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
  text: string,
  options: RewritingOptions,
  loadMs: number,
  context: RewritingContext,
): Promise<Rewriting> {
  const { languages, prefixes } = model.folder.purpose;
  const room = new Room(model.tokenizer, prefixes.translate, model.limits.context);
  const plan = planTranslation(text, room, languages);
  if (plan.parts.length === 0) {
    throw new Failure({
      kind: 'input',
      what: phrase('There are no words to translate'),
      todo: phrase('select some text first'),
    });
  }
  const answer = await rewrite(model, plan, prefixes.translate, options, loadMs, context);
  const sentences = answer.parts.map((part) => ({
    source: text.slice(part.source.start, part.source.end),
    result: part.text,
  }));
  return languages !== undefined && hasSameLanguage(sentences, languages)
    ? { ...answer, doubts: [...answer.doubts, { kind: 'sameLanguage' }] }
    : answer;
}

/** Splits a text at its lines and sentences; between sentences of a line stands a space or not. */
export function planTranslation(
  text: string,
  room: Room,
  languages: { source: string; target: string } | undefined,
): RewritingPlan {
  const plan: RewritingPlan = { parts: [], shorter: false, tail: '' };
  let copied = 0;
  for (const { words } of readLines(text)) {
    const sentences = splitSentences(text, words, languages?.source ?? USUAL_LANGUAGE);
    for (const sentence of sentences) {
      const { pieces, truncation } = splitToFit(text, sentence, room);
      if (truncation !== undefined) {
        plan.truncation ??= truncation;
      }
      for (const { start, end } of pieces) {
        const between = text.slice(copied, start);
        const within = start > words.start;
        plan.parts.push({
          source: { start, end },
          text: text.slice(start, end),
          lead: within && languages !== undefined ? spaceFor(languages.target, between) : between,
        });
        copied = end;
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
