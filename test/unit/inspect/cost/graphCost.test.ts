import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import type { OnnxModel } from '../../../../src/onnx/graph/model';
import { costAt } from '../../../../src/shared/costAt';
import type { GraphCost, RunSizes } from '../../../../src/shared/modelCost';
import { FAMILIES, exportsOf, type Family, type ModelExport } from '../../../support/onnx/families';
import { costsOfFile, countedFamilies, type CountedRun } from '../../../support/inspect/costs';

/** What PyTorch counts and we do not. */
interface Difference {
  isOf: (one: ModelExport) => boolean;
  why: string;
  operations?: (sizes: RunSizes) => number;
  attention?: (sizes: RunSizes) => number;
}

const DIFFERENCES: readonly Difference[] = [
  {
    isOf: ({ attention }) => attention === 'gqa',
    why: 'angles are not multiplied out of 8 frequencies and the positions: the file has a table of them',
    operations: ({ tokens }) => 2 * 8 * tokens,
  },
  {
    isOf: ({ family }) => family === 'deberta_v2',
    why: 'in two layers of width 16, queries and keys by 8 relative positions make no pair of tokens',
    attention: ({ batch, tokens }) => 2 * 2 * 2 * 16 * 8 * batch * tokens,
  },
];

suite('inspect/cost, operations as PyTorch counts them', () => {
  const counted = countedFamilies();

  for (const one of (Object.keys(FAMILIES) as Family[]).flatMap(exportsOf)) {
    const runs = counted[one.source]?.runs;
    if (runs === undefined) {
      continue;
    }
    const differences = DIFFERENCES.filter(({ isOf }) => isOf(one));
    const less = (what: 'operations' | 'attention', sizes: RunSizes): number =>
      differences.reduce((sum, difference) => sum + (difference[what]?.(sizes) ?? 0), 0);
    for (const file of one.files.values()) {
      test(
        [`${one.id}: ${file}`, ...differences.map(({ why }) => why)].join('; but '),
        async () => {
          // It is an encoder that is masked by order, which no graph can tell.
          const role = one.family === 'clip_text' ? 'encoder-only' : undefined;
          const { costs, model } = await costsOfFile(path.join(one.folder, file), role);
          for (const cost of costs) {
            const same: CountedRun[] = runs.filter((run) => isOf(run, cost, model));
            assert.equal(same.length, 2);
            for (const { sizes, operations, attentionOperations } of same) {
              assert.deepEqual(
                {
                  operations: costAt(cost.operations, sizes),
                  attention: costAt(cost.attentionOperations, sizes),
                  uncounted: cost.uncounted,
                },
                {
                  operations: operations - less('operations', sizes),
                  attention: attentionOperations - less('attention', sizes),
                  uncounted: 0,
                },
              );
            }
          }
        },
      );
    }
  }
});

/** Whether a run of PyTorch's is one that a graph does. */
function isOf(run: CountedRun, cost: GraphCost, { graph }: OnnxModel): boolean {
  const takesCache = graph.inputs.some(({ name }) => /past/.test(name)) && cost.run !== 'prompt';
  const takesPositions = graph.inputs.some(({ name }) => name === 'position_ids');
  return (
    run.stack === cost.component &&
    (run.stack === 'encoder' || run.sizes.past > 0 === takesCache) &&
    (run.positions === undefined || run.positions === takesPositions)
  );
}
