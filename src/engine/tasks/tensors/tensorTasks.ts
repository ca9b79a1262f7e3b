import { numpyText } from '../../../inspect/tensors/numpyText';
import { printedElements } from '../../../inspect/tensors/printedElements';
import { statisticsOf } from '../../../inspect/tensors/statistics';
import { tileOf } from '../../../inspect/tensors/tile';
import {
  isTurned,
  turnedStatistics,
  turnedTile,
  turnedWindow,
} from '../../../inspect/tensors/turned';
import type {
  TensorId,
  TensorProgress,
  TensorStatistics,
  TensorTile,
  TensorWindow,
} from '../../../shared/tensorListing';
import type { TensorListings } from './listings';
import { withTensor, workOf } from './openTensor';

/** What a task has at hand beside its parameters. */
export interface TensorContext {
  signal: AbortSignal;
  report: (progress: TensorProgress) => void;
}

/** What the numbers of a tensor are; of any size, a stretch at a time. */
export async function tensorStatistics(
  listings: TensorListings,
  id: TensorId,
  context: TensorContext,
): Promise<TensorStatistics> {
  const { file, listed } = await listings.find(id);
  return withTensor(file, listed, async ({ numbers }) => {
    const statistics = await statisticsOf(numbers, workOf(context));
    return isTurned(listed.about) ? turnedStatistics(statistics) : statistics;
  });
}

/** A stretch of a tensor, scaled down. */
export async function tensorTile(
  listings: TensorListings,
  id: TensorId,
  window: TensorWindow,
  size: { rows: number; columns: number },
  context: TensorContext,
): Promise<TensorTile> {
  const { file, listed } = await listings.find(id);
  return withTensor(file, listed, async ({ numbers }) => {
    const work = workOf(context);
    const turnedSize = { rows: size.columns, columns: size.rows };
    return isTurned(listed.about)
      ? turnedTile(await tileOf(numbers, turnedWindow(window), turnedSize, work))
      : tileOf(numbers, window, size, work);
  });
}

/** A tensor as NumPy prints it. */
export async function tensorText(
  listings: TensorListings,
  id: TensorId,
  threshold: number,
  { signal }: Pick<TensorContext, 'signal'>,
): Promise<string> {
  const { file, listed } = await listings.find(id);
  return withTensor(file, listed, ({ numbers, parts }) =>
    numpyText(printedElements(listed, numbers, parts), threshold, signal),
  );
}
