import type { DType } from '../graph/model';
import { operatorName } from '../graph/operators';
import { CPU_KERNELS, TYPE_LETTERS } from './cpuKernels';

/** Types that an operator's inputs and outputs must have to be computed in one way. */
export interface Kernel {
  /** `0` is the first input, `>0` the first output; a place that is not named takes every type. */
  types: ReadonlyMap<string, ReadonlySet<DType>>;
  /** Places that take half precision as well, which the runtime casts to single precision first. */
  widened: ReadonlySet<string>;
  /** Whether the operator is taken apart into others first. */
  isFunction: boolean;
}

/** An operator as one operator set defined it; without kernels it is not computed. */
export interface OperatorVersion {
  since: number;
  kernels: readonly Kernel[];
}

let table: ReadonlyMap<string, readonly OperatorVersion[]> | undefined;

/**
 * The version of an operator that an operator set has, and how the bundled runtime computes it on a
 * CPU; undefined if the runtime does not know the operator.
 * @param opset of the operator's domain; the newest where a file does not name it, as ONNX Runtime's
 *   own optimizer leaves `com.microsoft` out.
 */
export function operatorVersion(
  domain: string,
  opType: string,
  opset = Infinity,
): OperatorVersion | undefined {
  table ??= parse(CPU_KERNELS);
  return table.get(operatorName({ domain, opType }))?.findLast(({ since }) => since <= opset);
}

/** Reads the text that `cpuKernels.py` writes; its form is described there. */
function parse(text: string): Map<string, readonly OperatorVersion[]> {
  const operators = new Map<string, readonly OperatorVersion[]>();
  let domain = '';
  for (const line of text.trim().split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    if (heading !== undefined) {
      domain = heading === 'ai.onnx' ? '' : heading;
      continue;
    }
    const [name = '', ...versions] = line.split(' ');
    operators.set(operatorName({ domain, opType: name }), versions.map(version));
  }
  return operators;
}

function version(text: string): OperatorVersion {
  const since = Number.parseInt(text, 10);
  if (text.endsWith('!')) {
    return { since, kernels: [] };
  }
  const ways = text.includes('=') ? text.slice(text.indexOf('=') + 1).split('|') : [''];
  return { since, kernels: ways.map(kernel) };
}

function kernel(text: string): Kernel {
  const isFunction = text.startsWith('*');
  const places = text.replace('*', '').split(',').filter(Boolean);
  const widened = new Set<string>();
  const types = new Map<string, ReadonlySet<DType>>();
  for (const place of places) {
    const [name = '', taken = ''] = place.split(':');
    const letters = taken.replace('~h', '');
    if (letters !== taken) {
      widened.add(name);
    }
    types.set(name, new Set(Array.from(letters).flatMap((letter) => TYPE_LETTERS[letter] ?? [])));
  }
  return { isFunction, types, widened };
}
