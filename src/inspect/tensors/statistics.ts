import { elementIndex } from '../../onnx/graph/elementIndex';
import type { TensorStatistics } from '../../shared/tensorListing';
import type { CountedStatistics, FiniteStatistics } from './countedStatistics';
import { FineHistogram } from './fineHistogram';
import { PatternCounts } from './patternCounts';
import { ExactSum, isFinite64, sumsOf } from './sums';
import { countOf, type BitPatterns, type TensorNumbers } from './tensorNumbers';
import { stretches, type Work } from './work';

/**
 * Reads a tensor and says what its numbers are: once where they are stored in one or two bytes each, since
 * the numbers that occur are then counted one by one; else twice, the second time for the histogram and
 * the distances from the mean. The standard deviation is that of all numbers (`numpy.std`), the
 * percentiles lie between neighbours as `numpy.percentile` puts them.
 *
 * @throws the signal's reason; Failure as reading the tensor does.
 */
export async function statisticsOf(numbers: TensorNumbers, work: Work): Promise<TensorStatistics> {
  const { dims, isDequantized, scales } = numbers;
  const elements = countOf(numbers);
  const { finite, ...counts } =
    numbers.patterns === undefined
      ? await ofNumbers(elements, numbers, work)
      : await ofPatterns(elements, numbers.patterns, work);
  return {
    elements,
    ...counts,
    ...(finite === undefined ? {} : { finite: withIndex(finite, dims) }),
    ...(scales === undefined ? {} : { scales: await rangeOf(scales, work) }),
    isDequantized,
  };
}

async function ofPatterns(
  elements: number,
  patterns: BitPatterns,
  work: Work,
): Promise<CountedStatistics> {
  const counts = new PatternCounts(patterns.numbers);
  const length = PatternCounts.STRETCH;
  for await (const { first, elements: bits } of stretches(
    elements,
    patterns.read,
    work,
    undefined,
    length,
  )) {
    counts.add(bits, first);
  }
  return counts.statistics();
}

async function ofNumbers(
  elements: number,
  numbers: TensorNumbers,
  work: Work,
): Promise<CountedStatistics> {
  const { read } = numbers;
  const found = { nan: 0, infinite: 0, zeros: 0 };
  let [minimum, maximum] = [Infinity, -Infinity];
  const largest = { at: 0, value: 0, magnitude: -1 };
  const sum = new ExactSum();
  const squares = new ExactSum();
  for await (const { first, elements: some } of stretches(elements, read, work, FIRST_HALF)) {
    const sums = sumsOf(some);
    found.nan += sums.nan;
    found.infinite += sums.infinite;
    found.zeros += sums.zeros;
    sum.add(sums.sum);
    squares.add(sums.squares);
    minimum = Math.min(minimum, sums.minimum);
    maximum = Math.max(maximum, sums.maximum);
    const magnitude = Math.max(-sums.minimum, sums.maximum);
    if (magnitude > largest.magnitude) {
      const at = some.findIndex((value) => Math.abs(value) === magnitude);
      Object.assign(largest, { at: first + at, value: some[at] ?? NaN, magnitude });
    }
  }
  const finite = elements - found.nan - found.infinite;
  if (finite === 0) {
    work.report(1);
    return found;
  }
  const mean = sum.value / finite;
  const histogram = new FineHistogram(minimum, maximum);
  const distances = new ExactSum();
  const areFinite = finite === elements;
  for await (const { elements: some } of stretches(elements, read, work, SECOND_HALF)) {
    const values = areFinite ? some : some.filter(isFinite64);
    distances.add(histogram.add(values, mean));
  }
  const { at, value } = largest;
  return {
    ...found,
    finite: {
      minimum,
      maximum,
      mean,
      standardDeviation: Math.sqrt(distances.value / finite),
      norm: Math.sqrt(squares.value),
      percentiles: { low: histogram.percentile(0.01), high: histogram.percentile(0.99) },
      largest: { at, value },
      histogram: histogram.coarse(),
    },
  };
}

const FIRST_HALF = { from: 0, to: 0.5 };
const SECOND_HALF = { from: 0.5, to: 1 };

function withIndex(
  { largest, ...rest }: FiniteStatistics,
  dims: readonly number[],
): NonNullable<TensorStatistics['finite']> {
  return { ...rest, largest: { index: elementIndex(largest.at, dims), value: largest.value } };
}

/** How many scales there are, and from which to which they go. */
async function rangeOf(
  scales: TensorNumbers,
  { signal, pause }: Work,
): Promise<NonNullable<TensorStatistics['scales']>> {
  const count = countOf(scales);
  let [minimum, maximum] = [Infinity, -Infinity];
  const silent = { signal, pause, report: () => undefined };
  for await (const { elements } of stretches(count, scales.read, silent)) {
    const sums = sumsOf(elements);
    minimum = Math.min(minimum, sums.minimum);
    maximum = Math.max(maximum, sums.maximum);
  }
  return { count, minimum, maximum };
}
