import { compareNumbers } from '../../../inspect/diff/compareNumbers';
import { haveSameDims, type TensorPair, type TensorPairs } from '../../../inspect/diff/tensorPairs';
import type { ListedTensor } from '../../../inspect/tensors/listedTensor';
import { isTurned } from '../../../inspect/tensors/turned';
import type { Work } from '../../../inspect/tensors/work';
import { Failure } from '../../../shared/failure';
import type {
  DiffedTensor,
  TensorDiff,
  TensorFigures,
  TensorsDiff,
} from '../../../shared/modelDiff';
import { withTensor } from '../tensors/openTensor';

/**
 * Compares the numbers of all pairs, some megabytes of them in memory at a time.
 * @throws the signal's reason
 */
export async function tensorsDiff(tensors: TensorPairs, work: Work): Promise<TensorsDiff> {
  const { pairs, alone } = tensors;
  const elements = pairs.reduce((sum, { a }) => sum + a.about.elements, 0);
  const different: TensorDiff[] = [];
  let [done, equal] = [0, 0];
  for (const pair of pairs) {
    const from = done;
    const found = await compared(pair, {
      ...work,
      report: (share) => work.report((from + share * pair.a.about.elements) / elements),
    });
    done += pair.a.about.elements;
    if (found.kind === 'numbers' && found.differing === 0) {
      equal += 1;
    } else {
      const { name, a, b } = pair;
      different.push({ name, a: diffedTensor(a), b: diffedTensor(b), found });
    }
  }
  return {
    equal,
    different: different.sort((one, other) => badness(other) - badness(one)),
    onlyInA: alone.a.map(diffedTensor),
    onlyInB: alone.b.map(diffedTensor),
  };
}

async function compared({ a, b }: TensorPair, work: Work): Promise<TensorDiff['found']> {
  if (!haveSameDims(a.about.dims, b.about.dims)) {
    return { kind: 'shapes' };
  }
  try {
    const figures = await withTensor(a.about.file, a, (one) =>
      withTensor(b.about.file, b, (other) =>
        compareNumbers(one.numbers, other.numbers, isTurned(a.about) !== isTurned(b.about), work),
      ),
    );
    return isTurned(a.about) ? turnedFigures(figures) : figures;
  } catch (error) {
    work.signal.throwIfAborted();
    if (error instanceof Failure) {
      return { kind: 'unread', failure: error.data };
    }
    throw error;
  }
}

/** Figures of a stored matrix as those of its transpose: but for the place of an element they are the same. */
function turnedFigures({ largest, ...figures }: TensorFigures): TensorFigures {
  return { ...figures, largest: { ...largest, index: largest.index.toReversed() } };
}

function badness({ found }: TensorDiff): number {
  switch (found.kind) {
    case 'shapes':
      return Infinity;
    case 'unread':
      return Number.MAX_VALUE;
    case 'numbers':
      return found.notFinite > 0 ? Number.MAX_VALUE / 2 : (found.relative ?? 0);
  }
}

function diffedTensor({ about }: ListedTensor): DiffedTensor {
  const { file, name, dims, dtype, bytes } = about;
  return { file, tensor: name, dims, dtype, bytes };
}
