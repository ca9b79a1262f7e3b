import { Failure, phrase } from '../shared/failure';
import type { ModelShape, StackShape, TextInputShape } from './config/modelShape';
import { minSamples } from './sound/soundVectors';

type Batch = readonly (readonly number[])[];

/** What a model is given: a batch of texts or sounds, each of one length after padding. */
export interface ReferenceInput {
  /** Tokens [batch][tokens]; of a model with two stacks, those of the encoder. */
  ids?: Batch;
  /** 1 for a token, 0 for padding, [batch][tokens]; absent: no padding. */
  mask?: Batch;
  /** Segments of BERT and its kin [batch][tokens]; absent: all 0. */
  tokenTypes?: Batch;
  /** Sound [batch][samples], as the model's feature extractor normalises it. */
  samples?: Batch;
  /** Tokens of the decoder of a model with two stacks [batch][tokens]. */
  decoderIds?: Batch;
  decoderMask?: Batch;
}

/**
 * Checks that an input goes with a model.
 * @throws Failure of kind `input` that says what is wrong with which part of it.
 */
export function checkInput(input: ReferenceInput, { encoder, decoder }: ModelShape): void {
  const areTwo = encoder !== undefined && decoder !== undefined;
  const first = encoder ?? decoder;
  if (first !== undefined) {
    checkFirst(input, first);
  }
  if (areTwo) {
    const ids = required(input.decoderIds, 'decoderIds');
    checkIds(ids, decoder.input, 'decoderIds');
    checkMask(input.decoderMask, ids, 'decoderMask');
    if (ids.length !== (input.ids ?? input.samples)?.length) {
      throw wrong(
        phrase('There are not as many texts for the decoder as for the encoder'),
        'decoderIds',
      );
    }
  } else if (input.decoderIds !== undefined) {
    throw wrong(
      phrase('The model has only one stack, so it takes no tokens for a decoder'),
      'decoderIds',
    );
  }
}

function checkFirst(
  { ids, mask, tokenTypes, samples }: ReferenceInput,
  { input }: StackShape,
): void {
  if (input.kind === 'sound') {
    const sound = required(samples, 'samples');
    checkBatch(sound, 'samples');
    const unfit = sound.flat().find((sample) => !Number.isFinite(sample));
    if (unfit !== undefined) {
      throw wrong(phrase('The sound has a sample that is no number: {0}', unfit), 'samples');
    }
    if ((sound[0]?.length ?? 0) < minSamples(input)) {
      throw wrong(
        phrase(
          'The sound has {0} samples, but needs at least {1}',
          sound[0]?.length ?? 0,
          minSamples(input),
        ),
        'samples',
      );
    }
    return;
  }
  const text = required(ids, 'ids');
  checkIds(text, input, 'ids');
  checkMask(mask, text, 'mask');
  if (tokenTypes !== undefined) {
    if (input.tokenTypes === 0) {
      throw wrong(phrase('The model knows no segments of text'), 'tokenTypes');
    }
    checkSameShape(tokenTypes, text, 'tokenTypes');
    checkRange(tokenTypes, input.tokenTypes, 'tokenTypes');
  }
}

function checkIds(ids: Batch, input: StackShape['input'], where: string): void {
  checkBatch(ids, where);
  const { vocabulary, context } = input as TextInputShape;
  checkRange(ids, vocabulary, where);
  const tokens = ids[0]?.length ?? 0;
  if (context !== undefined && tokens > context) {
    throw wrong(
      phrase('The text has {0} tokens, but the model can read {1} at once', tokens, context),
      where,
    );
  }
}

function checkBatch(batch: Batch, where: string): void {
  const length = batch[0]?.length ?? 0;
  if (length === 0) {
    throw wrong(phrase('The input is empty'), where);
  }
  if (batch.some((sequence) => sequence.length !== length)) {
    throw wrong(phrase('The sequences of a batch differ in length; pad the shorter ones'), where);
  }
}

function checkMask(mask: Batch | undefined, ids: Batch, where: string): void {
  if (mask !== undefined) {
    checkSameShape(mask, ids, where);
    checkRange(mask, 2, where);
  }
}

function checkSameShape(batch: Batch, ids: Batch, where: string): void {
  const isSame =
    batch.length === ids.length && batch.every((row, i) => row.length === ids[i]?.length);
  if (!isSame) {
    throw wrong(phrase('There are not as many numbers as tokens'), where);
  }
}

function checkRange(batch: Batch, end: number, where: string): void {
  for (const value of batch.flat()) {
    if (!Number.isInteger(value) || value < 0 || value >= end) {
      throw wrong(
        phrase(
          'The input has the number {0}, but should have whole numbers from 0 to {1}',
          value,
          end - 1,
        ),
        where,
      );
    }
  }
}

function required(batch: Batch | undefined, where: string): Batch {
  if (batch === undefined) {
    throw wrong(phrase('A part of the model’s input is missing'), where);
  }
  return batch;
}

function wrong(what: ReturnType<typeof phrase>, where: string): Failure {
  return new Failure({
    kind: 'input',
    what,
    where,
    remedy: phrase('change the input so that it goes with the model'),
  });
}
