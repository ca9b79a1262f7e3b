import assert from 'node:assert/strict';
import type { ListedTensor } from '../../src/inspect/tensors/listedTensor';
import { numpyText } from '../../src/inspect/tensors/numpyText';
import { printedElements } from '../../src/inspect/tensors/printedElements';
import { statisticsOf } from '../../src/inspect/tensors/statistics';
import { dequantizedNumbers, plainNumbers } from '../../src/inspect/tensors/tensorNumbers';
import { tileOf } from '../../src/inspect/tensors/tile';
import type { TensorParts } from '../../src/weights/tensorParts';
import { unlessRefused } from './properties';

/** Tensors of a file that are read. */
const TENSORS = 12;

/** Cells of a tile on each side. */
const CELLS = 5;

/** Does with tensors from all over a list what the weights table does with each. */
export async function examineTensors(
  listed: readonly ListedTensor[],
  parts: TensorParts,
): Promise<void> {
  const step = Math.ceil(listed.length / TENSORS);
  for (const tensor of listed.filter((_, index) => index % step === 0)) {
    await unlessRefused(() => examine(tensor, parts));
  }
}

async function examine(listed: ListedTensor, parts: TensorParts): Promise<void> {
  const { values } = listed;
  if (values.kind === 'blocks') {
    return;
  }
  const { tensor, quantization } = values;
  const numbers =
    quantization === undefined
      ? plainNumbers(tensor, parts)
      : await dequantizedNumbers(tensor, quantization, parts);
  const { signal } = new AbortController();
  const work = { signal, report: () => undefined, pause: () => Promise.resolve() };
  const { elements, nan, infinite, finite } = await statisticsOf(numbers, work);
  const counted = finite?.histogram.counts.reduce((sum, count) => sum + count, 0) ?? 0;
  assert.equal(counted + nan + infinite, elements, tensor.name);
  const window = { row: 0, rows: 100, column: 0, columns: 100 };
  const tile = await tileOf(numbers, window, { rows: CELLS, columns: CELLS }, work);
  assert.equal(tile.values.length, tile.rows * tile.columns, tensor.name);
  const text = await numpyText(printedElements(listed, numbers, parts), 100, signal);
  assert.ok(text.length > 0, tensor.name);
}
