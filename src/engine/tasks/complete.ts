import type { Domain } from '../../library/modelPurpose';
import type { ResultWarning } from '../../shared/resultWarning';
import type {
  Completion,
  GeneratedText,
  GeneratedToken,
  GenerationOptions,
  StopAt,
  StopReason,
} from '../../shared/generation';
import { Failure, phrase } from '../../shared/failure';
import type { Token } from '../../shared/text';
import { endsInCode } from '../warnings/code';
import { repeatsItself } from '../warnings/repetition';
import { isOddlyTokenized, isSurprisingInput } from '../warnings/outOfDomain';
import { unknownCharacters } from '../warnings/unknownCharacters';
import { unreliableModelWarning } from '../warnings/unreliable';
import { repeatedWords } from '../warnings/repeatedWords';
import { unsureWords, wordLimits } from '../warnings/unsureWords';
import { isLikelyWrong, totalLogprob } from '../warnings/errorProbability';
import { findStopPosition } from '../generation/stopPosition';
import { generate } from '../generation/generate';
import { doesSample, unmetSettings } from '../generation/settings';
import { fitPrompt } from '../generation/prompt';
import type { DecoderModel } from '../openModel';
import { DEFAULT_LANGUAGE } from '../textToText/sentences';
import { beginText } from '../sequences';
import { Stopwatch } from './stopwatch';

/** A text to go on with, and where to stop by itself. */
interface Begun {
  text: string;
  stopAt: StopAt | undefined;
}

/**
 * Goes on with a text until the model ends it, it has come to where it is to stop, the limit is
 * reached or the caller cancels.
 * A character that was not complete by then is left out, since half of one belongs in no document.
 * @param loadMs what opening the model took, for the answer's timing.
 * @throws Failure `input` when there is nothing to go on from; `runtime` when a run fails.
 */
export async function complete(
  model: DecoderModel,
  { text, stopAt }: Begun,
  options: GenerationOptions,
  loadMs: number,
  { signal, report }: { signal: AbortSignal; report: (progress: GeneratedText) => void },
): Promise<Completion> {
  const read = promptTokens(model, text);
  const prompt = fitPrompt(read, options.maxNewTokens, model.limits.context);
  const stopwatch = new Stopwatch(loadMs);
  const decoder = await beginText(model);
  const stream = model.tokenizer.streamDecoder(prompt.ids);
  const tokens: GeneratedToken[] = [];
  let written = '';
  let reported = '';
  let surprised = false;

  const steps = generate(
    decoder,
    prompt.ids,
    { ...model.recommended, ...options },
    model.limits,
    signal,
  );
  let step = await steps.next();
  // Only now are the logits those of the prompt.
  if (model.domain !== undefined) {
    surprised = isSurprisingInput(model.domain, prompt.ids, decoder.logits);
  }
  let stop: StopReason | undefined;
  while (!step.done) {
    const { id, logprob } = step.value;
    stopwatch.token();
    const piece = stream.push(id);
    const token = { id, text: model.tokenizer.tokenText(id), logprob };
    tokens.push(token);
    const end = stopAt && findStopPosition(stopAt, text, written, piece, tokens.length);
    written += piece;
    // What may turn out to be behind the end is held back.
    const settled = stopAt === undefined ? written : written.slice(0, end).trimEnd();
    const delta = settled.slice(reported.length);
    reported += delta;
    report({ delta, token });
    if (end !== undefined) {
      await steps.return('end');
      stop = 'end';
      break;
    }
    step = await steps.next();
  }
  stop ??= step.done === true ? step.value : 'end';

  const warnings = [
    ...unreliableModelWarning(model.folder),
    ...unmetSettings(model.folder.generation, options),
  ];
  if (reported.trim() === '' && stop !== 'cancelled') {
    warnings.push({ kind: 'empty' });
  }
  if (repeatsItself(tokens)) {
    warnings.push({ kind: 'repetition' });
  }
  const unknown = unknownCharacters(model.tokenizer, text, read);
  if (unknown !== undefined) {
    warnings.push(unknown);
  }
  const { domain } = model;
  const foreign = domain?.code === false && (stopAt === 'block' || endsInCode(text));
  if (surprised || foreign || (domain !== undefined && isOddlyTokenized(domain, read))) {
    warnings.push({ kind: 'unfamiliar' });
  }
  warnings.push(...wrongWarnings(domain, text, reported, tokens));
  const limits = wordLimits(domain);
  return {
    text: reported,
    tokens,
    stop,
    sampled: doesSample(model.recommended, options),
    timing: stopwatch.timing(),
    ...(prompt.truncation === undefined ? {} : { truncation: prompt.truncation }),
    warnings,
    unsure: limits === undefined ? [] : unsureWords(reported, tokens, DEFAULT_LANGUAGE, limits),
  };
}

/** Warnings by what shows in a continuation that it makes no sense: that it goes in a circle, or is long. */
function wrongWarnings(
  domain: Domain | undefined,
  start: string,
  written: string,
  tokens: readonly GeneratedToken[],
): ResultWarning[] {
  if (domain?.wrong === undefined || tokens.length === 0) {
    return [];
  }
  const again = repeatedWords(start, written);
  const byLength = { logprob: totalLogprob(tokens) };
  if (!isLikelyWrong({ ...byLength, saidAgain: again.length }, domain.wrong)) {
    return [];
  }
  return [
    ...(again.length === 0 ? [] : [{ kind: 'saidAgain' as const, words: [...new Set(again)] }]),
    ...(isLikelyWrong(byLength, domain.wrong) ? [{ kind: 'unsure' as const, sentences: [] }] : []),
  ];
}

/** The text's tokens; for an empty text the token that begins every text, where there is one. */
function promptTokens({ tokenizer, folder }: DecoderModel, text: string): Token[] {
  const tokens = tokenizer.encode(text, { addSpecialTokens: true });
  if (tokens.length > 0) {
    return tokens;
  }
  const id = folder.generation.beginToken;
  if (id === undefined) {
    throw new Failure({
      kind: 'input',
      what: phrase('There is no text to complete'),
      remedy: phrase('select or type some text first'),
    });
  }
  return [
    {
      id,
      text: tokenizer.tokenText(id),
      piece: tokenizer.pieceText(id),
      special: true,
      start: 0,
      end: 0,
    },
  ];
}
