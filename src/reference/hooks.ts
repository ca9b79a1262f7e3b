import { Failure, phrase } from '../shared/failure';
import type { Tensor } from './tensor';

/** What becomes of the values of one run at its hook points. */
export interface HookRecorder {
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
    private readonly recorder: HookRecorder,
    private readonly prefix = '',
  ) {}

  /** The points of a block within this one, e.g. `blocks.0` or `attn`. */
  within(block: string): Hooks {
    return new Hooks(this.recorder, `${this.prefix}${block}.`);
  }

  /** Passes a value through a point: returns it or its replacement, which is what is recorded. */
  at(name: string, value: Tensor): Tensor {
    const point = this.prefix + name;
    const replaced = this.recorder.replace.get(point)?.(value) ?? value;
    if (replaced !== value) {
      checkShape(point, value, replaced);
    }
    if (this.recorder.record(point)) {
      this.recorder.points.set(point, replaced);
    }
    return replaced;
  }

  /** Whether a value is recorded, for those that are computed only then. */
  isRecorded(name: string): boolean {
    return this.recorder.record(this.prefix + name);
  }

  /** Whether a value is replaced, so that what follows must be computed from it. */
  isReplaced(name: string): boolean {
    return this.recorder.replace.has(this.prefix + name);
  }
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
      remedy: phrase('return a value of the same shape'),
    });
  }
}
