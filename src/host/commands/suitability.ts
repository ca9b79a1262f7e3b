import type { ModelSummary, Task } from '../../shared/engineApi';
import type { Failure } from '../../shared/failure';
import { unsuitable, withoutLogits } from '../../shared/unsuitable';
import type { ModelUse } from '../settings';

/**
 * Says why a model cannot serve a use, judged by the stacks it has and by what it returns; nothing
 * when it can. Any model can be traced.
 */
export function unsuitability(
  { layers, folder, instead }: Pick<ModelSummary, 'layers' | 'folder' | 'instead'>,
  use: ModelUse,
): Failure | undefined {
  if (use === 'trace') {
    return undefined;
  }
  const need = NEEDS[use];
  const fits =
    (layers.encoder !== undefined) === need.encoder &&
    (layers.decoder !== undefined) === need.decoder;
  if (!fits) {
    return unsuitable(use, folder);
  }
  return instead === undefined ? undefined : withoutLogits(instead, folder);
}

/** The stacks that a task takes. */
const NEEDS: Record<Task, { encoder: boolean; decoder: boolean }> = {
  complete: { encoder: false, decoder: true },
  translate: { encoder: true, decoder: true },
  summarize: { encoder: true, decoder: true },
  fillMask: { encoder: true, decoder: false },
};
