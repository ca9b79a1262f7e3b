import type { Rewriting, RewritingOptions } from '../../shared/engineApi';
import { Failure, phrase } from '../../shared/failure';
import type { TextRange } from '../../shared/text';
import { writesSpaces } from '../doubts/scripts';
import type { EncoderDecoderModel } from '../openModel';
import { Room, splitToFit } from '../rewriting/fit';
import type { RewritingPlan } from '../rewriting/plan';
import { Prose } from '../rewriting/prose';
import { rewrite, type RewritingContext } from '../rewriting/rewrite';
import { splitSentences, USUAL_LANGUAGE } from '../rewriting/sentences';

/**
 * Says a text in fewer words: all of it at once where the model can read it, else in parts that end
 * with a paragraph or a sentence. Marks of comments and lists are left out. No summary has more
 * tokens than its source; one that has no fewer characters is doubted.
 * @param loadMs what opening the model took, for the answer's timing.
 * @throws Failure `input` when the text has no word; `runtime` when a run fails.
 */
export async function summarize(
  model: EncoderDecoderModel,
  text: string,
  options: RewritingOptions,
  loadMs: number,
  context: RewritingContext,
): Promise<Rewriting> {
  const { languages, prefixes } = model.folder.purpose;
  const room = new Room(model.tokenizer, prefixes.summarize, model.limits.context);
  const plan = planSummary(text, room, languages?.source ?? USUAL_LANGUAGE);
  if (plan.parts.length === 0) {
    throw new Failure({
      kind: 'input',
      what: phrase('There are no words to summarize'),
      todo: phrase('select some text first'),
    });
  }
  const answer = await rewrite(model, plan, prefixes.summarize, options, loadMs, context);
  const read = plan.parts.slice(0, answer.parts.length);
  const sourceLength = read.reduce((sum, part) => sum + part.text.length, 0);
  return answer.text.length < sourceLength
    ? answer
    : { ...answer, doubts: [...answer.doubts, { kind: 'notShorter' }] };
}

/** What joining two sentences adds at most to the tokens that they have apart, such as a space. */
const JOINT_TOKENS = 2;

/** Packs as many sentences into each part as the model can read at once. */
export function planSummary(source: string, room: Room, language: string): RewritingPlan {
  const prose = Prose.of(source);
  const plan: RewritingPlan = { parts: [], tail: '' };
  let open: TextRange | undefined;
  /** The most tokens that the open part may have, without reading it again for each sentence. */
  let most = 0;
  let lead = '';
  const close = (): void => {
    if (open !== undefined) {
      const text = readable(prose, open);
      plan.parts.push({
        source: prose.sourceOf(open),
        text,
        lead: plan.parts.length === 0 ? '' : lead,
        mostTokens: Math.max(1, room.count(text) - 1),
      });
      open = undefined;
    }
  };
  for (const paragraph of prose.paragraphs) {
    let first = true;
    for (const sentence of splitSentences(prose.text, paragraph, language)) {
      const { pieces, truncation } = splitToFit(prose.text, sentence, room);
      if (truncation !== undefined) {
        plan.truncation ??= truncation;
      }
      for (const piece of pieces) {
        const longer: TextRange = { start: open?.start ?? piece.start, end: piece.end };
        const tokens = room.count(prose.text.slice(piece.start, piece.end)) + JOINT_TOKENS;
        most += tokens;
        let fits = open !== undefined && most <= room.size;
        if (open !== undefined && !fits) {
          const text = readable(prose, longer);
          fits = room.fits(text);
          most = room.count(text);
        }
        if (fits) {
          open = longer;
        } else {
          close();
          most = tokens;
          lead = first ? '\n\n' : writesSpaces(language) ? ' ' : '';
          open = piece;
        }
        first = false;
      }
    }
  }
  close();
  return plan;
}

/** A part of the prose as one paragraph. */
function readable({ text, paragraphs }: Prose, { start, end }: TextRange): string {
  return paragraphs
    .filter((paragraph) => paragraph.start < end && paragraph.end > start)
    .map((paragraph) => text.slice(Math.max(start, paragraph.start), Math.min(end, paragraph.end)))
    .join(' ');
}
