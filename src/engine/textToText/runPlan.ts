import type { ResultWarning } from '../../shared/resultWarning';
import type {
  TextToTextPart,
  TextToTextProgress,
  TextToTextResult,
  TextToTextOptions,
  TextFormat,
} from '../../shared/textToText';
import type {
  GeneratedToken,
  GenerationOptions,
  StopReason,
  UnsureWord,
} from '../../shared/generation';
import type { Token } from '../../shared/text';
import { repeatsItself } from '../warnings/repetition';
import { isOddlyTokenized, isUnsureOutput } from '../warnings/outOfDomain';
import { unknownCharacters } from '../warnings/unknownCharacters';
import { unreliableModelWarning } from '../warnings/unreliable';
import { unsureWords, wordLimits } from '../warnings/unsureWords';
import { generate } from '../generation/generate';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import { doesSample, unmetSettings } from '../generation/settings';
import type { EncoderDecoderModel } from '../openModel';
import { beginOutput } from '../sequences';
import { Stopwatch } from '../tasks/stopwatch';
import {
  generateWithMarkup,
  type GeneratedPart,
  type GeneratedMarkup,
} from './markup/generateWithMarkup';
import { compareSentences } from './markup/pieces';
import { templateSource, type Templates } from './markup/template';
import type { PlannedPart, TextToTextPlan } from './plan';
import { DEFAULT_LANGUAGE } from './sentences';

/** What {@link runTextToTextPlan} tells its caller, and how the caller stops it. */
export interface TextToTextContext {
  signal: AbortSignal;
  report: (progress: TextToTextProgress) => void;
}

/**
 * Carries out a plan: each part through the encoder and token by token out of the decoder, and what
 * stands around them copied. What was reported adds up to the text, cancelled or not.
 * @param prefix what the model wants in front of a text.
 * @param loadMs what opening the model took, for the answer's timing.
 * @throws Failure `runtime` when a run fails.
 */
export async function runTextToTextPlan(
  model: EncoderDecoderModel,
  plan: TextToTextPlan,
  prefix: string,
  options: TextToTextOptions,
  loadMs: number,
  { signal, report }: TextToTextContext,
): Promise<TextToTextResult> {
  const stopwatch = new Stopwatch(loadMs);
  const count = plan.parts.length;
  const parts: TextToTextPart[] = [];
  /** Sentences whose marks the model did not copy. */
  const spoilt = { apart: [] as string[], untranslated: [] as string[] };
  const unsure: UnsureWord[] = [];
  let text = '';
  let stop: StopReason = 'end';
  /** Whether the model was kept from writing as much as it read. */
  let heldShort = false as boolean;

  for (const [part, planned] of plan.parts.entries()) {
    const from = parts.at(-1)?.source.end ?? 0;
    const write = (delta: string, token?: GeneratedToken): void => {
      text += delta;
      report({ delta, ...(token === undefined ? {} : { token }), part, parts: count, from });
    };
    if (planned.lead !== '') {
      write(planned.lead);
    }
    const run = async (
      words: string,
      onToken: (delta: string, token: GeneratedToken) => void,
    ): Promise<GeneratedPart> => {
      const source = model.tokenizer.encode(prefix + words, { addSpecialTokens: true });
      const mostTokens = plan.shorter ? Math.max(1, ownTokens(source, prefix) - 1) : Infinity;
      const allowed = options.maxNewTokens ?? outputLimit(model);
      const limited = { ...options, maxNewTokens: Math.min(allowed, mostTokens) };
      const written = await generatePart(model, source, limited, signal, (delta, token) => {
        stopwatch.token();
        onToken(delta, token);
      });
      if (written.stop !== 'length' || allowed <= mostTokens) {
        return written;
      }
      // The limit is not the model's: what comes next would be as long as the text.
      heldShort = true;
      return { ...written, stop: 'end' };
    };
    let written: GeneratedPart;
    if (planned.templates === undefined) {
      written = await run(planned.text, write);
    } else {
      const generated = await writeMarked(
        model.tokenizer,
        planned.templates,
        plan.format,
        (words) => run(words, () => undefined),
      );
      if (generated.kept !== 'whole') {
        spoilt[generated.kept].push(templateSource(planned.templates[0]));
      }
      written = generated;
      // Only now is it known where the words go.
      generated.tokens.forEach((token, index) => {
        write(index === generated.tokens.length - 1 ? generated.text : '', token);
      });
    }
    parts.push({ source: planned.source, text: written.text, tokens: written.tokens });
    unsure.push(...unsureIn(model, written, text.length - written.text.length));
    if (written.stop === 'cancelled') {
      stop = 'cancelled';
      break;
    }
    stop = stop === 'end' ? written.stop : stop;
  }
  if (stop !== 'cancelled' && plan.tail !== '') {
    text += plan.tail;
    const from = parts.at(-1)?.source.end ?? 0;
    report({ delta: plan.tail, part: Math.max(0, count - 1), parts: count, from });
  }
  return {
    text,
    parts,
    stop,
    sampled: doesSample(model.recommended, options),
    timing: stopwatch.timing(),
    ...(plan.truncation === undefined ? {} : { truncation: plan.truncation }),
    warnings: [
      ...unmetSettings(model.folder.generation, options),
      ...warningsOf(model, plan.parts.slice(0, parts.length), parts, stop),
      ...(heldShort ? [{ kind: 'heldShort' as const }] : []),
      ...(['apart', 'untranslated'] as const)
        .map((kind) => ({ kind, sentences: spoilt[kind] }))
        .filter(({ sentences }) => sentences.length > 0),
    ],
    unsure,
  };
}

function writeMarked(
  tokenizer: Tokenizer,
  templates: Templates,
  format: TextFormat,
  write: (words: string) => Promise<GeneratedPart>,
): Promise<GeneratedMarkup> {
  return generateWithMarkup(templates, {
    write,
    canRead: (text) =>
      tokenizer
        .encode(text, { addSpecialTokens: false })
        .every(({ id }) => id !== tokenizer.specialTokens.unknown),
    keepsMarks: (source, result) => {
      const { missing, added } = compareSentences(source, result, format);
      return missing.length + added.length === 0;
    },
  });
}

async function generatePart(
  model: EncoderDecoderModel,
  source: readonly Token[],
  options: GenerationOptions,
  signal: AbortSignal,
  write: (delta: string, token: GeneratedToken) => void,
): Promise<GeneratedPart> {
  const { tokenizer } = model;
  const tokens: GeneratedToken[] = [];
  if (signal.aborted) {
    return { text: '', tokens, stop: 'cancelled' };
  }
  const ids = source.slice(0, model.limits.context).map(({ id }) => id);
  const { decoder, start } = await beginOutput(model, ids);
  const steps = generate(
    decoder,
    start,
    { ...model.recommended, ...options },
    { ...model.limits, source: ids },
    signal,
  );
  const stream = tokenizer.streamDecoder(start);
  let written = '';
  let step = await steps.next();
  while (!step.done) {
    const { id, logprob } = step.value;
    const piece = stream.push(id);
    const delta = written === '' ? piece.trimStart() : piece;
    const token = { id, text: tokenizer.tokenText(id), logprob };
    tokens.push(token);
    written += delta;
    write(delta, token);
    step = await steps.next();
  }
  return { text: written, tokens, stop: step.value };
}

/**
 * The words of a part that the model was unsure of, where it is known how unsure it is of others.
 * @param offset where the part stands in the whole text.
 */
function unsureIn(
  { domain, folder }: EncoderDecoderModel,
  { text, tokens }: GeneratedPart,
  offset: number,
): UnsureWord[] {
  const { languages } = folder.purpose;
  const limits = wordLimits(domain);
  return limits === undefined
    ? []
    : unsureWords(text, tokens, languages?.target ?? DEFAULT_LANGUAGE, limits).map(
        ({ start, end, probability }) => ({
          start: offset + start,
          end: offset + end,
          probability,
        }),
      );
}

/** How many tokens of a source are the text's own. */
function ownTokens(source: readonly Token[], prefix: string): number {
  return source.filter(({ special, end }) => !special && end > prefix.length).length;
}

/** Tokens of an output at most, as the model's generation_config.json has it. */
export function outputLimit({ folder, limits }: EncoderDecoderModel): number {
  const { maxNewTokens, maxLength } = folder.generation;
  // `max_length` counts the token that begins every output.
  return Math.max(1, maxNewTokens ?? (maxLength ?? limits.context) - 1);
}

function warningsOf(
  { tokenizer, domain, folder }: EncoderDecoderModel,
  planned: readonly PlannedPart[],
  parts: readonly TextToTextPart[],
  stop: StopReason,
): ResultWarning[] {
  const warnings = unreliableModelWarning(folder);
  const finished = stop === 'cancelled' ? parts.slice(0, -1) : parts;
  if (finished.some(({ text }) => text.trim() === '')) {
    warnings.push({ kind: 'empty' });
  }
  if (parts.some(({ tokens }) => repeatsItself(tokens))) {
    warnings.push({ kind: 'repetition' });
  }
  const source = planned.map(({ text }) => text).join(' ');
  const read = tokenizer.encode(source, { addSpecialTokens: false });
  const unknown = unknownCharacters(tokenizer, source, read);
  if (unknown !== undefined) {
    warnings.push(unknown);
  }
  const written = parts.flatMap(({ tokens }) => tokens);
  if (domain && (isUnsureOutput(domain, written) || isOddlyTokenized(domain, read))) {
    warnings.push({ kind: 'unfamiliar' });
  } else if (domain) {
    // The means of a long text hide what is strange in a sentence of it.
    const sentences = planned
      .filter(
        ({ text }, part) =>
          isUnsureOutput(domain, parts[part]?.tokens ?? []) ||
          isOddlyTokenized(domain, tokenizer.encode(text, { addSpecialTokens: false })),
      )
      .map(({ text }) => text);
    if (sentences.length > 0) {
      warnings.push({ kind: 'unfamiliar', sentences });
    }
  }
  return warnings;
}
