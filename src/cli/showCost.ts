import type { CostFigures, CostSetting } from '../shared/costAt';
import type { ModelCost } from '../shared/modelCost';
import { percent } from '../shared/percent';
import { byteSize } from '../shared/byteSize';
import { alignColumns } from './columns';
import { formatOperations } from './operations';

const ONE_DECIMAL = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/** What a model takes for texts of a length: one line for each figure, with what it is of. */
export function costLines(
  { path, graphs, weightBytes, weights }: ModelCost,
  { context, batch }: CostSetting,
  { prefill, token, attentionShare, cache, map }: CostFigures,
): string[] {
  const uncounted = graphs.reduce((sum, graph) => sum + graph.uncounted, 0);
  const rows = [
    ...(prefill === undefined || attentionShare === undefined
      ? []
      : [
          [
            'prefill',
            formatOperations(prefill),
            `${percent(attentionShare, 'en', ONE_DECIMAL)} of it for attention maps`,
          ],
        ]),
    ...(token === undefined
      ? []
      : [['per token', formatOperations(token), 'the last one, given all before it']]),
    ...(cache === undefined ? [] : [['cache', byteSize(cache), 'keys and values behind the text']]),
    ...(map === 0 ? [] : [['maps', byteSize(map), 'the largest map of a layer, all heads']]),
    [
      'weights',
      byteSize(weightBytes),
      `${weights.toLocaleString('en')} parameters, as they are stored`,
    ],
    ...(uncounted === 0 ? [] : [['not counted', String(uncounted), 'operators of unknown sizes']]),
  ];
  return [
    path,
    `  ${batch === 1 ? 'a text' : `${batch.toLocaleString('en')} texts`} of ${context.toLocaleString('en')} ${context === 1 ? 'token' : 'tokens'}`,
    ...alignColumns(rows).map((line) => `  ${line}`),
  ];
}
