import { costFigures, type CostFigures } from '../../../src/shared/costAt';
import type { ModelCost } from '../../../src/shared/modelCost';

/** What a model takes, as functions of the length of a text in tokens. */
export type CostCurves = { [K in keyof CostFigures]: (length: number) => number };

/**
 * The curves of a model.
 * @param batch texts side by side.
 */
export function costCurves(cost: ModelCost, batch: number): CostCurves {
  const figures = (context: number): CostFigures => costFigures(cost, { context, batch });
  const names = Object.keys(figures(1)) as (keyof CostFigures)[];
  return Object.fromEntries(
    names.map((name) => [name, (length: number) => figures(length)[name] ?? 0]),
  ) as CostCurves;
}
