import type { TensorRef } from '../../onnx/graph/model';
import type { ListedTensor } from '../tensors/listedTensor';

/** A tensor of each model that stands for the same. */
export interface TensorPair {
  /** As `transformers` calls it where that is known, else as the file of A does. */
  name: string;
  a: ListedTensor;
  b: ListedTensor;
}

/** Tensors of a model, file by file; files of both models with the same number are counterparts. */
export interface NumberedTensors {
  file: number;
  tensors: readonly ListedTensor[];
}

/** Modules in front of a parameter's name that one file may tell and the other leave out. */
const MOST_ROOTS = 2;

/**
 * Pairs the tensors of two models: by the names of their parameters, or, where files are counterparts, by
 * their own. What a file repeats of another tensor is left out.
 */
export class TensorPairs {
  readonly pairs: TensorPair[] = [];
  private readonly taken = { a: new Set<ListedTensor>(), b: new Set<ListedTensor>() };
  private readonly byRef = {
    a: new Map<TensorRef, ListedTensor>(),
    b: new Map<TensorRef, ListedTensor>(),
  };
  private readonly byName = {
    a: new Map<string, ListedTensor>(),
    b: new Map<string, ListedTensor>(),
  };
  private readonly twins = new Map<TensorRef, Set<TensorRef>>();
  private readonly own: Record<'a' | 'b', ListedTensor[]>;

  constructor(
    private readonly a: readonly NumberedTensors[],
    private readonly b: readonly NumberedTensors[],
  ) {
    this.own = { a: ownTensors(a), b: ownTensors(b) };
    for (const side of ['a', 'b'] as const) {
      for (const tensor of this[side].flatMap(({ tensors }) => tensors)) {
        const ref = refOf(tensor);
        if (ref !== undefined) {
          this.byRef[side].set(ref, tensor);
        }
        this.byName[side].set(`${tensor.about.file}\n${tensor.about.name}`, tensor);
      }
    }
    this.byParameter();
    this.byOwnName();
  }

  /** Pairs two tensors that nodes read in the same place, unless one of them has a counterpart. */
  addByUse(a: TensorRef, b: TensorRef): void {
    const one = this.byRef.a.get(a);
    const other = this.byRef.b.get(b);
    if (one === undefined || other === undefined || isAid(one) !== isAid(other)) {
      return;
    }
    if (!this.taken.a.has(one) && !this.taken.b.has(other) && hasOwnElements(one, other)) {
      this.add(one.about.parameters[0] ?? one.about.name, one, other);
    }
  }

  /** Whether two stored tensors stand for the same. Scales are told of with what they are of. */
  areCounterparts(a: TensorRef, b: TensorRef): boolean {
    const [one, other] = [this.listed('a', a), this.listed('b', b)];
    if (one === undefined || other === undefined) {
      return a.name === b.name;
    }
    const [tensor, counterpart] = [refOf(one), refOf(other)];
    const isPaired =
      tensor !== undefined &&
      counterpart !== undefined &&
      this.twins.get(tensor)?.has(counterpart) === true;
    return isPaired || (isAid(one) && isAid(other));
  }

  /** The counterparts of a tensor of A. */
  twinsOf(a: TensorRef): ReadonlySet<TensorRef> {
    return this.twins.get(a) ?? new Set();
  }

  /** Those without a counterpart that are more than a part of how another one is stored. */
  get alone(): { a: ListedTensor[]; b: ListedTensor[] } {
    const left = (side: 'a' | 'b'): ListedTensor[] =>
      this.own[side].filter((tensor) => isNamed(tensor) && !this.taken[side].has(tensor));
    return { a: left('a'), b: left('b') };
  }

  /**
   * A tensor of one may have several counterparts: a tied weight that the other has once for each use. What
   * has none of the very name may have one whose name begins at another module.
   */
  private byParameter(): void {
    const names = new ParameterNames(this.b, this.own.b);
    const files = fileNumbers(this.a);
    const met = new Map<ListedTensor, Set<ListedTensor>>();
    for (const one of this.own.a) {
      for (const parameter of one.about.parameters) {
        const other = names.exact(parameter, files.get(one));
        if (other !== undefined && met.get(one)?.has(other) !== true) {
          met.set(one, (met.get(one) ?? new Set()).add(other));
          this.add(parameter, one, other);
        }
      }
    }
    for (const one of this.own.a) {
      for (const parameter of this.taken.a.has(one) ? [] : one.about.parameters) {
        const other = names.fromElsewhere(parameter, one.about.dims);
        if (other !== undefined && !this.taken.a.has(one) && !this.taken.b.has(other)) {
          this.add(parameter, one, other);
        }
      }
    }
  }

  /** A tensor, or that which it repeats. */
  private listed(side: 'a' | 'b', tensor: TensorRef): ListedTensor | undefined {
    const found = this.byRef[side].get(tensor);
    const original = found?.about.copyOf;
    return original === undefined
      ? found
      : (this.byName[side].get(`${original.file}\n${original.name}`) ?? found);
  }

  private byOwnName(): void {
    const named = new Map<string, ListedTensor>();
    for (const { file, tensors } of this.b) {
      for (const tensor of tensors) {
        named.set(ownKey(file, tensor), tensor);
      }
    }
    for (const { file, tensors } of this.a) {
      for (const one of tensors) {
        const other = named.get(ownKey(file, one));
        if (
          other !== undefined &&
          !this.taken.a.has(one) &&
          !this.taken.b.has(other) &&
          hasOwnElements(one, other) &&
          isNamed(one) &&
          isNamed(other)
        ) {
          this.add(one.about.name, one, other);
        }
      }
    }
  }

  private add(name: string, a: ListedTensor, b: ListedTensor): void {
    this.pairs.push({ name, a, b });
    this.taken.a.add(a);
    this.taken.b.add(b);
    const [tensor, twin] = [refOf(a), refOf(b)];
    if (tensor !== undefined && twin !== undefined) {
      this.twins.set(tensor, (this.twins.get(tensor) ?? new Set()).add(twin));
    }
  }
}

/** Parameters by their names, and by what is left of these without the modules in front. */
class ParameterNames {
  private readonly byName = new Map<string, ListedTensor>();
  /** The same within a file: models that have nothing to do with each other may lie in one folder. */
  private readonly byFile = new Map<string, ListedTensor>();
  private readonly byRest = new Map<string, ListedTensor | undefined>();

  constructor(files: readonly NumberedTensors[], own: readonly ListedTensor[]) {
    const numbers = fileNumbers(files);
    for (const tensor of own) {
      for (const name of tensor.about.parameters) {
        this.byName.set(name, tensor);
        this.byFile.set(`${numbers.get(tensor)}\n${name}`, tensor);
        for (const rest of rootless(name)) {
          // A name that several have tells nothing.
          const known = this.byRest.get(rest);
          this.byRest.set(rest, this.byRest.has(rest) && known !== tensor ? undefined : tensor);
        }
      }
    }
  }

  /** @param file that of the counterpart, which is looked into first. */
  exact(name: string, file: number | undefined): ListedTensor | undefined {
    return this.byFile.get(`${file}\n${name}`) ?? this.byName.get(name);
  }

  /** The tensor of a name that begins at another module. */
  fromElsewhere(name: string, dims: readonly number[]): ListedTensor | undefined {
    const others = rootless(name).map((rest) => this.byName.get(rest) ?? this.byRest.get(rest));
    return [this.byRest.get(name), ...others].find(
      (other) => other !== undefined && haveSameDims(dims, other.about.dims),
    );
  }
}

/** The numbers of the files that tensors are in. */
function fileNumbers(files: readonly NumberedTensors[]): ReadonlyMap<ListedTensor, number> {
  return new Map(
    files.flatMap(({ file, tensors }) => tensors.map((each) => [each, file] as const)),
  );
}

/** A name without one or two of the modules in front, as long as it tells where the parameter is. */
function rootless(name: string): string[] {
  const modules = name.split('.');
  return Array.from({ length: MOST_ROOTS }, (_, index) => modules.slice(index + 1))
    .filter((rest) => rest.length >= 2)
    .map((rest) => rest.join('.'));
}

function ownTensors(files: readonly NumberedTensors[]): ListedTensor[] {
  return files
    .flatMap(({ tensors }) => tensors)
    .filter((tensor) => tensor.about.copyOf === undefined && !isAid(tensor));
}

/** Whether a tensor is a scale or zero point: its numbers are in those of the tensor that it is of. */
function isAid({ about }: ListedTensor): boolean {
  return about.constant === 'scale';
}

/** Whether a name tells what a tensor is: exporters number constants and single numbers. */
function isNamed({ about }: ListedTensor): boolean {
  return about.constant === undefined && about.elements !== 1;
}

/** The tensor of an ONNX or safetensors file. */
function refOf({ values }: ListedTensor): TensorRef | undefined {
  return values.kind === 'elements' ? values.tensor : undefined;
}

/** Whether not both tensors only repeat others. */
function hasOwnElements(one: ListedTensor, other: ListedTensor): boolean {
  return one.about.copyOf === undefined || other.about.copyOf === undefined;
}

export function haveSameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function ownKey(file: number, { about }: ListedTensor): string {
  return `${file}\n${about.occurrence ?? 1}\n${about.name}`;
}
