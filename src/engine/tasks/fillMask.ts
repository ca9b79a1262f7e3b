import type { Truncation } from '../../shared/attention';
import type { ResultWarning } from '../../shared/resultWarning';
import type { FilledBlank } from '../../shared/generation';
import { Failure, phrase } from '../../shared/failure';
import type { TextRange, Token } from '../../shared/text';
import { taskUnsupported } from './taskUnsupported';
import { maskToken } from '../../library/maskToken';
import { isFullPrecision } from '../../onnx/graph/precision';
import { logSumExp } from '../../trace/logits';
import { isOddlyTokenized } from '../warnings/outOfDomain';
import { unknownCharacters } from '../warnings/unknownCharacters';
import { unreliableModelWarning } from '../warnings/unreliable';
import { runEncoder } from '../generation/encoder';
import { nonFiniteMaskLogits } from '../generation/nonFiniteLogits';
import type { EncoderModel } from '../openModel';
import { asFloat32 } from '../runtime/tensor';
import { blankCandidates } from './blankCandidates';
import { casingFor } from './casing';

/** How people write a blank, whatever the model's own token for it is. */
const WRITTEN_MASK = /^\[MASK\]$/i;

/**
 * What could stand in place of a part of a text: the part is replaced by the mask token, and what the model
 * gives for it is ranked. In a text that is too long the tokens around the blank are read.
 * @param blank not empty, and within the text.
 * @param count how many candidates are wanted; fewer come when the vocabulary has no more.
 * @throws Failure `unsupported` when the model has no mask token or no scores for words, `runtime` when the
 *   run fails.
 */
export async function fillMask(
  model: EncoderModel,
  text: string,
  blank: TextRange,
  count: number,
): Promise<FilledBlank> {
  const { tokenizer, encoder, limits } = model;
  if (encoder.interface.output !== 'logits') {
    throw taskUnsupported('fillMask', model.summary.folder);
  }
  const mask = maskToken(model.folder.tokenizer);
  const before = text.slice(0, blank.start);
  const masked = before + (mask ?? '') + text.slice(blank.end);
  const all = tokenizer.encode(masked, { addSpecialTokens: true });
  const place = all.findIndex(
    ({ piece, start, end }) => piece === mask && start <= blank.start && blank.start < end,
  );
  if (mask === undefined || place < 0) {
    throw noMask(model);
  }
  const { tokens, position, truncation } = windowAround(all, place, limits.context);
  const logits = await runEncoder(
    await encoder.graph.session(),
    encoder.interface,
    tokens.map(({ id }) => id),
  );
  const [, rows, vocabulary = 0] = logits.dims;
  const { id: maskId } = tokens[position] as Token;
  if (rows !== tokens.length || vocabulary <= maskId) {
    // Classifiers, too, call what they return logits: one for each class.
    throw taskUnsupported('fillMask', model.summary.folder);
  }
  const row = asFloat32(logits).subarray(position * vocabulary, (position + 1) * vocabulary);
  const total = logSumExp(row);
  if (!Number.isFinite(total)) {
    throw nonFiniteMaskLogits(isFullPrecision(encoder.graph.onnx));
  }
  const hidden = text.slice(blank.start, blank.end);
  const spell = casingFor(
    tokenizer,
    hidden === mask || WRITTEN_MASK.test(hidden) ? undefined : hidden,
    before,
  );
  return {
    candidates: blankCandidates(tokenizer, row, before, count).map(({ id, word }) => ({
      id,
      text: spell(word),
      probability: Math.exp((row[id] as number) - total),
    })),
    ...(truncation === undefined ? {} : { truncation }),
    warnings: warningsOf(
      model,
      masked,
      tokens.filter((_, index) => index !== position),
    ),
  };
}

/** The tokens nearest to a place, between those that the tokenizer put around the text. */
function windowAround(
  all: readonly Token[],
  place: number,
  context: number,
): { tokens: readonly Token[]; position: number; truncation?: Truncation } {
  if (all.length <= context) {
    return { tokens: all, position: place };
  }
  const first = all.findIndex(({ special }) => !special);
  const end = all.findLastIndex(({ special }) => !special) + 1;
  const room = Math.max(1, context - first - (all.length - end));
  const start = Math.max(first, Math.min(place - Math.floor(room / 2), end - room));
  return {
    tokens: [...all.slice(0, first), ...all.slice(start, start + room), ...all.slice(end)],
    position: first + place - start,
    truncation: { used: context, total: all.length, context, kept: 'middle' },
  };
}

function warningsOf(
  { tokenizer, domain, folder }: EncoderModel,
  text: string,
  read: readonly Token[],
): ResultWarning[] {
  const warnings = unreliableModelWarning(folder);
  const unknown = unknownCharacters(tokenizer, text, read);
  if (unknown !== undefined) {
    warnings.push(unknown);
  }
  if (domain !== undefined && isOddlyTokenized(domain, read)) {
    warnings.push({ kind: 'unfamiliar' });
  }
  return warnings;
}

function noMask({ summary }: EncoderModel): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase('The model has no mask token, so it cannot fill a blank'),
    where: summary.folder,
    remedy: phrase('choose a fill-mask model, such as BERT'),
  });
}
