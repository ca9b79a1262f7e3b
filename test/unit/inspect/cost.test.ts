import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import type { OnnxModel } from '../../../src/onnx/graph/model';
import { costAt } from '../../../src/shared/costAt';
import type { GraphCost, RunSizes } from '../../../src/shared/modelCost';
import { costsOfFile, countedFamilies, type CountedRun } from '../../support/inspect/costs';
import { exportsOf, type Family } from '../../support/onnx/families';

/** What PyTorch counts as attention and we do not. Operations in all are equal without exception. */
const NO_ATTENTION: Partial<Record<string, (sizes: RunSizes) => number>> = {
  // Queries and keys by eight vectors of relative positions each, in two layers of width 16.
  deberta_v2: ({ batch, tokens }) => 2 * 2 * 2 * 16 * 8 * batch * tokens,
};

suite('inspect/cost, operations as PyTorch counts them', () => {
  for (const [family, { runs }] of Object.entries(countedFamilies())) {
    for (const one of exportsOf(family as Family).filter(({ source }) => source === family)) {
      for (const file of one.files.values()) {
        test(`${one.id}: ${file}`, async () => {
          // It is an encoder that is masked by order, which no graph can tell.
          const role = family === 'clip_text' ? 'encoder-only' : undefined;
          const { costs, model } = await costsOfFile(path.join(one.folder, file), role);
          for (const cost of costs) {
            const same = runs.filter((run) => isOf(run, cost, model));
            assert.equal(same.length, 2);
            for (const { sizes, operations, attentionOperations } of same) {
              assert.deepEqual(
                {
                  operations: costAt(cost.operations, sizes),
                  attention: costAt(cost.attentionOperations, sizes),
                  uncounted: cost.uncounted,
                },
                {
                  operations,
                  attention: attentionOperations - (NO_ATTENTION[family]?.(sizes) ?? 0),
                  uncounted: 0,
                },
              );
            }
          }
        });
      }
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
