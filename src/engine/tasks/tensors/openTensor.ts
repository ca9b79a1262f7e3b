import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ListedTensor } from '../../../inspect/tensors/listedTensor';
import {
  dequantizedNumbers,
  plainNumbers,
  type TensorNumbers,
} from '../../../inspect/tensors/tensorNumbers';
import type { Work } from '../../../inspect/tensors/work';
import { checkExternalFiles } from '../../../library/externalFiles';
import { FileSource } from '../../../library/fileSource';
import { ggufParts } from '../../../weights/ggufParts';
import { TensorParts } from '../../../weights/tensorParts';
import { TensorReader } from '../../../weights/tensorReader';
import type { TensorProgress } from '../../../shared/tensorListing';

/** A tensor whose numbers can be read. */
export interface OpenTensor {
  listed: ListedTensor;
  numbers: TensorNumbers;
  parts: TensorParts;
}

/**
 * Has the file of a tensor open while something is done with it.
 * @throws Failure `model` where the file, or the one beside it that holds the elements, is missing or cut
 *   short; `unsupported` for elements without numbers
 */
export async function withTensor<T>(
  file: string,
  listed: ListedTensor,
  use: (tensor: OpenTensor) => Promise<T>,
): Promise<T> {
  const opened = new Map<string, Promise<FileSource>>();
  const source = await FileSource.open(file);
  try {
    const open = (location: string): Promise<FileSource> => {
      const known = opened.get(location) ?? openBeside(file, location);
      opened.set(location, known);
      return known;
    };
    const parts = new TensorParts(new TensorReader({ source, file, open }));
    return await use({ listed, parts, numbers: await numbersOf(listed, parts, source, file) });
  } finally {
    const others = await Promise.allSettled(opened.values());
    await Promise.all([
      source.close(),
      ...others.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)),
    ]);
  }
}

async function openBeside(file: string, location: string): Promise<FileSource> {
  await checkExternalFiles(file, [{ location, bytes: 0 }]);
  return FileSource.open(path.join(path.dirname(path.resolve(file)), location));
}

async function numbersOf(
  { values }: ListedTensor,
  parts: TensorParts,
  source: FileSource,
  file: string,
): Promise<TensorNumbers> {
  if (values.kind === 'blocks') {
    const { dims } = values.tensor;
    return { dims, isDequantized: true, read: ggufParts(values.tensor, source, file) };
  }
  const { tensor, quantization } = values;
  return quantization === undefined
    ? plainNumbers(tensor, parts)
    : dequantizedNumbers(tensor, quantization, parts);
}

/** How often progress is told. Unit: milliseconds. */
const REPORT_MS = 100;

/** The work on a tensor within the engine: others have their turn, and progress is told now and then. */
export function workOf({
  signal,
  report,
}: {
  signal: AbortSignal;
  report: (progress: TensorProgress) => void;
}): Work {
  let last = performance.now();
  return {
    signal,
    pause: () => nextTurn(),
    report: (share) => {
      const now = performance.now();
      if (now - last >= REPORT_MS) {
        last = now;
        report({ share });
      }
    },
  };
}
