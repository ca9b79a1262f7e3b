import type { Weight } from '../../onnx/outline/weightUses';
import type { BlockPart, BlockRun } from '../../shared/modelStack';

/** A part with the weights that it counts. */
export interface CountedPart {
  part: BlockPart;
  weights: ReadonlySet<Weight>;
}

/** The parts of a stack as blocks, equal neighbours together. */
export function blockRuns(parts: readonly CountedPart[]): BlockRun[] {
  const runs: { run: BlockRun; weights: ReadonlySet<Weight>; key: string }[] = [];
  for (const [index, block] of blocksOf(parts).entries()) {
    const own = block.map(({ part }) => part);
    const weights = new Set(block.flatMap((each) => [...each.weights]));
    const key = JSON.stringify(own.map((part) => ({ ...part, site: undefined })));
    const last = runs.at(-1);
    if (last?.key === key) {
      last.run.count += 1;
      last.run.sharesWeights = areSame(last.weights, weights);
    } else {
      runs.push({
        key,
        weights,
        run: {
          first: index,
          count: 1,
          parameters: own.reduce((sum, part) => sum + part.parameters + part.normParameters, 0),
          sharesWeights: false,
          parts: own,
        },
      });
    }
  }
  return runs.map(({ run }) => run);
}

function areSame(one: ReadonlySet<Weight>, other: ReadonlySet<Weight>): boolean {
  return one.size > 0 && one.size === other.size && [...one].every((weight) => other.has(weight));
}

/**
 * Cuts parts into blocks: where the kinds of parts repeat from the first to the last, at each repetition;
 * else where something other than a feed-forward part follows one.
 */
function blocksOf(parts: readonly CountedPart[]): CountedPart[][] {
  const period = periodOf(parts.map(({ part }) => kindOf(part)));
  const blocks: CountedPart[][] = [];
  for (const [index, each] of parts.entries()) {
    const before = parts[index - 1]?.part;
    const begins =
      period === undefined
        ? before === undefined ||
          (before.kind === 'feedForward' &&
            each.part.kind !== 'feedForward' &&
            !each.part.isParallel)
        : index % period === 0;
    if (begins) {
      blocks.push([each]);
    } else {
      blocks.at(-1)?.push(each);
    }
  }
  return blocks;
}

function kindOf(part: BlockPart): string {
  return part.kind === 'attention' ? part.attention : part.kind;
}

/** The least number of parts after which their kinds repeat; undefined if they do not. */
function periodOf(kinds: readonly string[]): number | undefined {
  for (let period = 1; period <= kinds.length / 2; period++) {
    if (
      kinds.length % period === 0 &&
      kinds.every((kind, index) => kind === kinds[index % period])
    ) {
      return period;
    }
  }
  return undefined;
}
