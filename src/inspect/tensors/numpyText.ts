import { Failure, phrase } from '../../shared/failure';
import { elementCount } from '../../onnx/graph/elementCount';
import { MOST_PRINTED } from '../../shared/limits';
import { numpyWords, type PrintedKind } from './numpyNumbers';

/** Elements as NumPy prints them, read a few at a time. */
export interface PrintedElements {
  name: string;
  dims: readonly number[];
  kind: PrintedKind;
  /** Elements `first … first + count − 1`, row-major; integers of 64 bits as they are. */
  read: (first: number, count: number) => Promise<readonly (number | bigint)[]>;
}

/** Elements that are shown at each end of a dimension of which some are left out. */
const EDGE = 3;

/** Characters of a line. */
const LINE = 75;

/**
 * An array as text, as `numpy.array2string` writes it with NumPy's own settings. Only what is shown is read.
 *
 * @param threshold elements of an array that is written whole; of a larger one only the ends are.
 * @throws Failure of kind `input` if too much would be shown; as reading the tensor does.
 */
export async function numpyText(
  { name, dims, kind, read }: PrintedElements,
  threshold: number,
  signal: AbortSignal,
): Promise<string> {
  const count = elementCount(dims);
  if (count === 0) {
    return '[]';
  }
  const isCut = count > threshold;
  const shown = dims.map((size) => (isCut && size > 2 * EDGE ? 2 * EDGE : size));
  const printed = elementCount(shown);
  if (printed > MOST_PRINTED) {
    throw new Failure({
      kind: 'input',
      what: phrase(
        'The text of tensor “{0}” would have {1} numbers, and Headlight writes at most {2}',
        name,
        printed,
        MOST_PRINTED,
      ),
      remedy: phrase('save it as a NumPy file instead'),
    });
  }
  const values: (number | bigint)[] = [];
  for (const { first, length } of runsOf(dims, shown)) {
    signal.throwIfAborted();
    values.push(...(await read(first, length)));
  }
  const words = numpyWords(values, kind, dims.length === 0);
  return dims.length === 0 ? (words[0] ?? '') : layOut(words, dims, shown);
}

/** Where the elements that are shown lie: stretches of the last dimension. */
function* runsOf(
  dims: readonly number[],
  shown: readonly number[],
): Generator<{ first: number; length: number }> {
  const last = dims.at(-1) ?? 1;
  const lastShown = shown.at(-1) ?? 1;
  const rows = elementCount(shown.slice(0, -1));
  for (let row = 0; row < rows; row++) {
    let start = 0;
    let rest = row;
    let step = last;
    for (let axis = dims.length - 2; axis >= 0; axis--) {
      const size = dims[axis] ?? 1;
      const sizeShown = shown[axis] ?? 1;
      const index = rest % sizeShown;
      start += (index < EDGE || size === sizeShown ? index : size - sizeShown + index) * step;
      rest = Math.floor(rest / sizeShown);
      step *= size;
    }
    if (last === lastShown) {
      yield { first: start, length: last };
    } else {
      yield { first: start, length: EDGE };
      yield { first: start + last - EDGE, length: EDGE };
    }
  }
}

/** Puts words into lines and brackets; as `_formatArray` of NumPy. */
function layOut(
  words: readonly string[],
  dims: readonly number[],
  shown: readonly number[],
): string {
  let next = 0;
  const nested = (axis: number, indent: string, width: number): string => {
    const isCut = dims[axis] !== shown[axis];
    const items = shown[axis] ?? 0;
    const isLast = axis === dims.length - 1;
    const separator = '\n'.repeat(dims.length - 1 - axis);
    const line = new Lines(indent, width - 1);
    let text = '';
    for (let item = 0; item < items; item++) {
      const isGap = isCut && item === EDGE;
      if (isLast) {
        if (isGap) {
          line.add('...', true);
        }
        line.add(words[next++] ?? '', item < items - 1);
      } else {
        text += isGap ? `${indent}...${separator}` : '';
        const inner = nested(axis + 1, `${indent} `, width - 1);
        text += `${indent}${inner}${item < items - 1 ? separator : ''}`;
      }
    }
    return `[${(isLast ? line.text : text).slice(indent.length)}]`;
  };
  return nested(0, ' ', LINE);
}

/** Words one behind the other, in lines that are no wider than they may be. */
class Lines {
  private done = '';
  private line: string;

  constructor(
    private readonly indent: string,
    private readonly width: number,
  ) {
    this.line = indent;
  }

  add(word: string, isFollowed: boolean): void {
    const isFull = this.line.length + word.length > this.width;
    if (isFull && this.line.length > this.indent.length) {
      this.done += `${this.line.trimEnd()}\n`;
      this.line = this.indent;
    }
    this.line += word + (isFollowed ? ' ' : '');
  }

  get text(): string {
    return this.done + this.line;
  }
}
