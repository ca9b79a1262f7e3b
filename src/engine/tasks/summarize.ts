import type { ResultWarning } from '../../shared/resultWarning';
import type { TextToTextResult, TextToTextOptions } from '../../shared/textToText';
import { Failure, phrase } from '../../shared/failure';
import type { TextRange } from '../../shared/text';
import { nonExtractive } from '../warnings/nonExtractive';
import { writesSpaces } from '../warnings/scripts';
import type { EncoderDecoderModel } from '../openModel';
import { splitToFit } from '../textToText/splitToFit';
import { TokenBudget } from '../textToText/tokenBudget';
import { withStrangePieces } from '../textToText/markup/pieces';
import type { TextToTextPlan, SourceText } from '../textToText/plan';
import { ExtractedText } from '../textToText/extractedText';
import { runTextToTextPlan, type TextToTextContext } from '../textToText/runPlan';
import { splitSentences, DEFAULT_LANGUAGE } from '../textToText/sentences';

/**
 * Says a text in fewer words: all of it at once where the model can read it, else in parts that end
 * with a paragraph or a sentence. Marks of comments and lists are left out. No summary has more
 * tokens than its source; one that was kept from having more gets a warning, and so is one that has no fewer
 * letters and digits all the same.
 * @param loadMs what opening the model took, for the answer's timing.
 * @throws Failure `input` when the text has no word; `runtime` when a run fails.
 */
export async function summarize(
  model: EncoderDecoderModel,
  source: SourceText,
  options: TextToTextOptions,
  loadMs: number,
  context: TextToTextContext,
): Promise<TextToTextResult> {
  const { languages, prefixes } = model.folder.purpose;
  const budget = new TokenBudget(model.tokenizer, prefixes.summarize, model.limits.context);
  const plan = planSummary(source, budget, languages?.source ?? DEFAULT_LANGUAGE);
  if (plan.parts.length === 0) {
    throw new Failure({
      kind: 'input',
      what: phrase('There are no words to summarize'),
      remedy: phrase('select some text first'),
    });
  }
  const generated = await runTextToTextPlan(
    model,
    plan,
    prefixes.summarize,
    options,
    loadMs,
    context,
  );
  const language = languages?.source ?? DEFAULT_LANGUAGE;
  const compared =
    model.domain?.copies === true ? withoutCopied(plan, generated, language) : generated;
  const answer = withStrangePieces(source, compared);
  const read = plan.parts.slice(0, answer.parts.length);
  return signsOf(answer.parts) < signsOf(read)
    ? answer
    : {
        ...answer,
        warnings: [
          ...answer.warnings.filter(({ kind }) => kind !== 'heldShort'),
          { kind: 'notShorter' },
        ],
      };
}

/** Letters and digits of texts: without a full stop or a space a text is no shorter. */
function signsOf(texts: readonly { text: string }[]): number {
  return texts.reduce((sum, { text }) => sum + (text.match(/[\p{L}\p{N}]/gu) ?? []).length, 0);
}

/**
 * Warns of what in a summary is no sentence of its text, and nothing else where all of it is: such a summary
 * is right even of a text that is strange to the model.
 */
function withoutCopied(
  plan: TextToTextPlan,
  answer: TextToTextResult,
  language: string,
): TextToTextResult {
  const found = answer.parts.map(({ text }, part) =>
    nonExtractive(plan.parts[part]?.text ?? '', text, language),
  );
  const words = [...new Set(found.flatMap((part) => part.words))];
  const sentences = [...new Set(found.flatMap((part) => part.sentences))];
  if (words.length + sentences.length === 0) {
    return { ...answer, warnings: answer.warnings.filter(({ kind }) => kind !== 'unfamiliar') };
  }
  // What was broken off is a part of a sentence, as anyone sees who stopped it.
  const warnings: ResultWarning[] =
    answer.stop === 'cancelled'
      ? []
      : [
          ...(words.length === 0 ? [] : [{ kind: 'newWords' as const, words }]),
          ...(sentences.length === 0 ? [] : [{ kind: 'pieced' as const, sentences }]),
        ];
  return { ...answer, warnings: [...answer.warnings, ...warnings] };
}

/**
 * By how much the tokens of two sentences that are joined differ at most from those that they have
 * apart, for each character between them: a space can be three bytes.
 */
const JOINT_TOKENS = 3;

/** Packs as many sentences into each part as the model can read at once. */
export function planSummary(
  source: SourceText,
  budget: TokenBudget,
  language: string,
): TextToTextPlan {
  const extracted = ExtractedText.of(source);
  const textOf = ({ start, end }: TextRange): string => extracted.text.slice(start, end);
  const plan: TextToTextPlan = {
    format: source.format,
    parts: [],
    shorter: true,
    tail: '',
    alreadyTranslated: [],
  };
  let open: TextRange | undefined;
  /** Tokens of the open part, give or take `slack`, so that it is not read for each sentence. */
  let tokens = 0;
  let slack = 0;
  let lead = '';
  const close = (): void => {
    if (open !== undefined) {
      plan.parts.push({
        source: extracted.sourceOf(open),
        text: textOf(open),
        lead: plan.parts.length === 0 ? '' : lead,
      });
      open = undefined;
    }
  };
  for (const paragraph of extracted.paragraphs) {
    let first = true;
    for (const sentence of splitSentences(extracted.text, paragraph, language)) {
      const { pieces, truncation } = splitToFit(extracted.text, sentence, budget);
      if (truncation !== undefined) {
        plan.truncation ??= truncation;
      }
      for (const piece of pieces) {
        const longer: TextRange = { start: open?.start ?? piece.start, end: piece.end };
        tokens += piece.tokens;
        slack += JOINT_TOKENS * Math.max(1, piece.start - (open?.end ?? piece.start));
        if (open !== undefined && Math.abs(tokens - budget.size) <= slack) {
          tokens = budget.count(textOf(longer));
          slack = 0;
        }
        if (open !== undefined && tokens <= budget.size) {
          open = longer;
        } else {
          close();
          tokens = piece.tokens;
          slack = 0;
          lead = first ? '\n\n' : writesSpaces(language) ? ' ' : '';
          open = { start: piece.start, end: piece.end };
        }
        first = false;
      }
    }
  }
  close();
  return plan;
}
