import { Failure, phrase } from '../shared/failure';
import type { Rounding } from './inputRounding';
import type { MatrixKernel } from './kernel/matrixKernel';
import type { Tensor } from './tensor';

/** What becomes of the values of one run at its hook points. */
export interface Hooking {
  /** Whether a point is kept. */
  record: (point: string) => boolean;
  /** Functions that put another value of the same shape in the place of one, by point. */
  replace: ReadonlyMap<string, (value: Tensor) => Tensor>;
  /** Where values are kept. */
  points: Map<string, Tensor>;
}

/**
 * The hook points of one block. Every intermediate value passes through one under the name that
 * TransformerLens gives it, where it may be recorded and replaced.
 */
export class Hooks {
  /** For values that nobody can see or change. */
  static readonly none = new Hooks({
    record: () => false,
    replace: new Map(),
    points: new Map(),
  });

  constructor(
    private readonly hooking: Hooking,
    private readonly prefix = '',
  ) {}

  /** The points of a block within this one, e.g. `blocks.0` or `attn`. */
  within(block: string): Hooks {
    return new Hooks(this.hooking, `${this.prefix}${block}.`);
  }

  /** Passes a value through a point: returns it or its replacement, which is what is recorded. */
  at(name: string, value: Tensor): Tensor {
    const point = this.prefix + name;
    const replaced = this.hooking.replace.get(point)?.(value) ?? value;
    if (replaced !== value) {
      checkShape(point, value, replaced);
    }
    if (this.hooking.record(point)) {
      this.hooking.points.set(point, replaced);
    }
    return replaced;
  }

  /** Whether a value is recorded, for those that are computed only then. */
  isRecorded(name: string): boolean {
    return this.hooking.record(this.prefix + name);
  }

  /** Whether a value is replaced, so that what follows must be computed from it. */
  isReplaced(name: string): boolean {
    return this.hooking.replace.has(this.prefix + name);
  }
}

/** What every block computes with. */
export interface Tools {
  kernel: MatrixKernel;
  hooks: Hooks;
  /** Given where linear layers are to round their inputs as the graph does. */
  rounding?: Rounding;
}

/** The same for a block within. */
export function within(tools: Tools, block: string): Tools {
  return { ...tools, hooks: tools.hooks.within(block) };
}

/** The same for what is computed of the encoder's output, which is there at once in every step. */
export function ofWhole({ rounding, ...tools }: Tools): Tools {
  if (rounding === undefined) {
    return tools;
  }
  const { steps: _, ...whole } = rounding;
  return { ...tools, rounding: whole };
}

function checkShape(point: string, { dims }: Tensor, replaced: Tensor): void {
  const isSame =
    replaced.dims.length === dims.length && replaced.dims.every((size, i) => size === dims[i]);
  if (!isSame || replaced.data.length !== dims.reduce((product, size) => product * size, 1)) {
    throw new Failure({
      kind: 'input',
      what: phrase(
        'A replaced value has the shape [{0}] instead of [{1}]',
        replaced.dims.join(', '),
        dims.join(', '),
      ),
      where: point,
      todo: phrase('return a value of the same shape'),
    });
  }
}
