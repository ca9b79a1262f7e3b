import type { Verification } from '../../shared/verification';
import type { OpenModel } from '../openModel';
import { asFloat32 } from '../runtime/tensor';
import { cachedStep } from './cachedStep';
import { compareLogitTensors } from './differences';
import type { ReferenceRuns, TracedInput } from './referenceRuns';
import { runtimeLogits } from './runtimeLogits';

/**
 * Holds the logits that the runtime computes of a trace's tokens against the reference's: those of the
 * whole text, and those of its last token computed from a cache.
 * @throws Failure `runtime`; the signal's reason.
 */
export async function compareLogits(
  opened: OpenModel,
  summary: TracedInput,
  runs: ReferenceRuns,
): Promise<Pick<Verification, 'logits' | 'cachedStep'>> {
  const found = await runtimeLogits(opened, summary);
  const step = await cachedStep(opened, summary);
  const logits = found && asFloat32(found);
  const vocabulary = found?.dims.at(-1) ?? 1;
  return {
    ...(logits && { logits: await compareLogitTensors(logits, vocabulary, runs) }),
    cachedStep:
      'lacking' in step
        ? step
        : await compareLogitTensors(step.logits, step.logits.length, runs, step.steps),
  };
}
