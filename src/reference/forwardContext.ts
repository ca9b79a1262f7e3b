import type { Hooks } from './hooks';
import type { Rounding } from './fakeQuantize';
import type { MatrixKernel } from './kernel/matrixKernel';

/** What every block of a forward pass computes with. */
export interface ForwardContext {
  kernel: MatrixKernel;
  hooks: Hooks;
  /** Given where linear layers are to round their inputs as the graph does. */
  rounding?: Rounding;
}

/** The same for a block within. */
export function within(context: ForwardContext, block: string): ForwardContext {
  return { ...context, hooks: context.hooks.within(block) };
}

/** The same for what is computed of the encoder's output, which is there at once in every step. */
export function wholeSequence({ rounding, ...context }: ForwardContext): ForwardContext {
  if (rounding === undefined) {
    return context;
  }
  const { steps: _, ...whole } = rounding;
  return { ...context, rounding: whole };
}
