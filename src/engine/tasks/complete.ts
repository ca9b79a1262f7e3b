import type {
  Completion,
  GeneratedText,
  GeneratedToken,
  GenerationOptions,
} from '../../shared/engineApi';
import { Failure, phrase } from '../../shared/failure';
import type { Token } from '../../shared/text';
import { Decoder } from '../generation/decoder';
import { generate } from '../generation/generate';
import { fitPrompt } from '../generation/prompt';
import type { OpenModel } from '../openModel';

/**
 * Goes on with a text until the model ends it, the limit is reached or the caller cancels.
 * A character that was not complete by then is left out, since half of one belongs in no document.
 * @param loadMs what opening the model took, for the answer's timing.
 * @throws Failure `input` when there is nothing to go on from; `runtime` when a run fails.
 */
export async function complete(
  model: OpenModel,
  text: string,
  options: GenerationOptions,
  loadMs: number,
  { signal, report }: { signal: AbortSignal; report: (progress: GeneratedText) => void },
): Promise<Completion> {
  const prompt = fitPrompt(promptTokens(model, text), options.maxNewTokens, model.limits.context);
  const decoder = new Decoder(await model.session(), model.decoder);
  const stream = model.tokenizer.streamDecoder(prompt.ids);
  const tokens: GeneratedToken[] = [];
  let written = '';
  const start = performance.now();
  let firstAt = start;

  const steps = generate(
    decoder,
    prompt.ids,
    { ...model.recommended, ...options },
    model.limits,
    signal,
  );
  let step = await steps.next();
  while (!step.done) {
    const { id, logprob } = step.value;
    if (tokens.length === 0) {
      firstAt = performance.now();
    }
    const delta = stream.push(id);
    const token = { id, text: model.tokenizer.tokenText(id), logprob };
    tokens.push(token);
    written += delta;
    report({ delta, token });
    step = await steps.next();
  }

  const end = performance.now();
  const decodeMs = tokens.length === 0 ? 0 : end - firstAt;
  return {
    text: written,
    tokens,
    stop: step.value,
    timing: {
      loadMs,
      prefillMs: tokens.length === 0 ? end - start : firstAt - start,
      decodeMs,
      tokensPerSecond: tokens.length > 1 ? ((tokens.length - 1) * 1000) / decodeMs : 0,
    },
    ...(prompt.truncation === undefined ? {} : { truncation: prompt.truncation }),
  };
}

/** The text's tokens; for an empty text the token that begins every text, where there is one. */
function promptTokens({ tokenizer, folder }: OpenModel, text: string): Token[] {
  const tokens = tokenizer.encode(text, { addSpecialTokens: true });
  if (tokens.length > 0) {
    return tokens;
  }
  const id = folder.generation.beginToken;
  if (id === undefined) {
    throw new Failure({
      kind: 'input',
      what: phrase('There is no text to complete'),
      todo: phrase('select or type some text first'),
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
