import type { StoredTensor, TensorListing, TensorStatistics } from '../shared/tensorListing';
import { byteSize } from '../shared/byteSize';
import { alignColumns } from './columns';

/** A tensor, and what its numbers are if that was asked and can be told. */
export interface TensorRow {
  tensor: StoredTensor;
  statistics?: TensorStatistics;
}

/** Orders that a table can have. */
export const TENSOR_ORDERS = ['size', 'name'] as const;
export type TensorOrder = (typeof TENSOR_ORDERS)[number];

/** Tensors in an order: the largest first, or by the names that are shown; else as in the file. */
export function sorted(
  tensors: readonly StoredTensor[],
  order: TensorOrder | undefined,
): StoredTensor[] {
  const names = new Intl.Collator('en', { numeric: true });
  switch (order) {
    case 'size':
      return tensors.toSorted((a, b) => b.bytes - a.bytes);
    case 'name':
      return tensors.toSorted((a, b) => names.compare(shownName(a), shownName(b)));
    case undefined:
      return [...tensors];
  }
}

/** The tensors of a path as lines of a table, under a line with their number and size. */
export function tensorLines(
  rows: readonly TensorRow[],
  { tensors }: TensorListing,
  hasStatistics: boolean,
): string[] {
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  const head = `${tensors.length.toLocaleString('en')} ${tensors.length === 1 ? 'tensor' : 'tensors'}, ${byteSize(bytes)}`;
  const names = ['', 'shape', 'type', 'size'];
  const figures = hasStatistics ? STATISTICS_HEAD : [];
  const table = rows.map(({ tensor, statistics }) => [
    shownName(tensor),
    tensor.dims.length === 0 ? 'scalar' : tensor.dims.join(' × '),
    tensor.dtype,
    byteSize(tensor.bytes),
    ...(hasStatistics ? statisticsCells(statistics) : []),
    notes(tensor),
  ]);
  const width = names.length + figures.length;
  const cells = [[...names, ...figures, ''], ...table];
  const right = alignColumns(
    cells.map((row) => row.slice(1, width)),
    0,
  );
  const left = alignColumns(
    cells.map(([name = '']) => [name]),
    Infinity,
  );
  const widest = Math.max(...left.map(({ length }) => length));
  return [
    head,
    ...cells.map((row, i) =>
      `  ${(left[i] ?? '').padEnd(widest)}  ${right[i] ?? ''}  ${row[width] ?? ''}`.trimEnd(),
    ),
  ];
}

const STATISTICS_HEAD = ['min', 'max', 'mean', 'std', 'zeros', 'NaN, ∞'];

function statisticsCells(statistics: TensorStatistics | undefined): string[] {
  if (statistics === undefined) {
    return STATISTICS_HEAD.map(() => '–');
  }
  const { elements, zeros, nan, infinite, finite } = statistics;
  const figures = [finite?.minimum, finite?.maximum, finite?.mean, finite?.standardDeviation];
  return [
    ...figures.map((figure) => (figure === undefined ? '–' : number(figure))),
    elements === 0 ? '–' : `${((100 * zeros) / elements).toFixed(1)}%`,
    (nan + infinite).toLocaleString('en'),
  ];
}

/** What the numbers of one tensor are, line by line. */
export function statisticsLines(tensor: StoredTensor, statistics: TensorStatistics): string[] {
  const { elements, nan, infinite, zeros, finite, scales, isDequantized } = statistics;
  const { dims, dtype, bytes } = tensor;
  const shape = dims.length === 0 ? 'scalar' : dims.join(' × ');
  const rows: [name: string, value: string][] = [
    ['elements', elements.toLocaleString('en')],
    ['zeros', zeros.toLocaleString('en')],
    ['NaN', nan.toLocaleString('en')],
    ['infinite', infinite.toLocaleString('en')],
  ];
  if (finite !== undefined) {
    const { percentiles, largest } = finite;
    rows.push(
      ['minimum', number(finite.minimum)],
      ['maximum', number(finite.maximum)],
      ['mean', number(finite.mean)],
      ['std. deviation', number(finite.standardDeviation)],
      ['norm', number(finite.norm)],
      ['1% … 99%', `${number(percentiles.low)} … ${number(percentiles.high)}`],
      ['largest', `[${largest.index.join(', ')}] ${number(largest.value)}`],
    );
  }
  if (scales !== undefined) {
    const { count, minimum, maximum } = scales;
    const range = `${number(minimum)} … ${number(maximum)}`;
    rows.push(['scales', `${count.toLocaleString('en')}, ${range}`]);
  }
  return [
    `${shownName(tensor)}  ${shape}  ${dtype}  ${byteSize(bytes)}  ${notes(tensor)}`.trimEnd(),
    ...(isDequantized ? ['  of the numbers that the quantised elements stand for'] : []),
    ...alignColumns(rows).map((line) => `  ${line}`),
  ];
}

/** The name that `transformers` gives a tensor, or else the file. */
function shownName({ name, parameters }: StoredTensor): string {
  return parameters[0] ?? name;
}

function notes(tensor: StoredTensor): string {
  const { name, occurrence, parameters, isTransposed, constant, copyOf, place } = tensor;
  const [first, ...others] = parameters;
  const stored = first === undefined || first === name ? '' : `as ${name}`;
  return [
    ...(isTransposed ? [`stored transposed ${stored}`.trimEnd()] : [stored]),
    occurrence === undefined ? '' : `no. ${occurrence} of the name`,
    others.length === 0 ? '' : `also ${others.join(', ')}`,
    constant ?? '',
    copyOf === undefined ? '' : `copy of ${copyOf.name}`,
    place.kind === 'external' ? `in ${place.location}` : '',
  ]
    .filter(Boolean)
    .join('; ');
}

/** Five digits, as many as tell what a weight is. */
function number(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(5)));
}
