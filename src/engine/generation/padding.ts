import { Failure, phrase } from '../../shared/failure';
import type { Tensor } from '../runtime/tensor';
import { takeRows } from './rows';

/*
 * A graph that was exported with a fixed length reads so many tokens in every run. Behind a text that
 * has fewer stands padding: any token will do, since an attention mask, or a decoder's own causal one,
 * keeps the text from attending to it. What comes out for the padding is cut off.
 */

/** Any token that every vocabulary has. */
export const PADDING_ID = 0;

/**
 * A row with one number for each token, filled up to the length that a graph was made for.
 * @param length absent where the graph takes any.
 * @throws Failure `unsupported` for a row that is longer.
 */
export function padRow(
  row: readonly number[],
  length: number | undefined,
  filler: number,
): readonly number[] {
  if (length === undefined || row.length === length) {
    return row;
  }
  if (row.length > length) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The model reads exactly {0} tokens at once, and the text has {1}',
        length,
        row.length,
      ),
      remedy: phrase('take a shorter text, or export the model for texts of any length'),
    });
  }
  return [...row, ...new Array<number>(length - row.length).fill(filler)];
}

/** The failure for padding that nothing would keep a text from attending to. */
export function unmaskablePadding(input: string, length: number, tokens: number): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase(
      'The model reads exactly {0} tokens at once, the text has {1}, and without “{2}” the rest cannot be masked',
      length,
      tokens,
      input,
    ),
    remedy: phrase('export the model with an attention mask, or for texts of any length'),
  });
}

/**
 * What came out for the tokens of a text, without that for the padding behind them.
 * @param tensor [batch, tokens, …]; one of another form, such as a classifier's, comes back as it is.
 * @param length tokens of the run, if the graph fixes them.
 * @param tokens of the text.
 */
export function trimPadding(tensor: Tensor, length: number | undefined, tokens: number): Tensor {
  const [batch = 1, rows, ...rest] = tensor.dims;
  if (length === undefined || tokens === length || rows !== length || rest.length === 0) {
    return tensor;
  }
  const kept = Array.from({ length: batch * tokens }, (_, index) => {
    const text = Math.floor(index / tokens);
    return text * length + (index % tokens);
  });
  const { dims: _, ...taken } = takeRows({ ...tensor, dims: [batch * length, ...rest] }, kept);
  return { ...taken, dims: [batch, tokens, ...rest] };
}

/** Vectors [batch, tokens, width] with zeros behind them, up to a length. */
export function padStates(states: Tensor, length: number | undefined): Tensor {
  const [batch = 1, tokens = 0, width = 0] = states.dims;
  if (length === undefined || tokens >= length) {
    return states;
  }
  const dims = [batch, length, width];
  switch (states.type) {
    case 'float32':
      return {
        type: states.type,
        data: spread(states.data, new Float32Array(batch * length * width), batch),
        dims,
      };
    case 'float16':
      return {
        type: states.type,
        data: spread(states.data, new Uint16Array(batch * length * width), batch),
        dims,
      };
    default:
      throw new TypeError(`expected a floating-point tensor, got ${states.type}`);
  }
}

/** Copies equal parts of an array to where the parts of a larger one begin. */
function spread<T extends Float32Array | Uint16Array>(data: T, into: T, parts: number): T {
  const size = data.length / parts;
  for (let part = 0; part < parts; part++) {
    into.set(data.subarray(part * size, (part + 1) * size), (part * into.length) / parts);
  }
  return into;
}
