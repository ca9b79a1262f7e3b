import { operatorName } from '../graph/operators';
import data from './cpuKernels.json';

/** Types that an operator's inputs and outputs must have to be computed in one way. */
export interface Kernel {
  /** `0` is the first input, `>0` the first output; a place that is not named takes every type. */
  types: ReadonlyMap<string, ReadonlySet<string>>;
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

/** The version of ONNX Runtime that the table is about. */
export const RUNTIME_VERSION = data.runtimeVersion;

/** The newest IR version that it opens. */
export const NEWEST_IR_VERSION = data.newestIrVersion;

/** The newest version of ONNX's own operator set that it opens. */
export const NEWEST_OPSET = data.newestOpset;

/** Every operator that it knows, by {@link operatorName}. */
const OPERATORS: ReadonlyMap<string, string> = new Map(Object.entries(data.operators));

/** Element types by the letter that stands for them. */
const TYPES: Readonly<Record<string, string>> = data.types;

const versions = new Map<string, readonly OperatorVersion[]>();

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
  const name = operatorName({ domain, opType });
  const known = versions.get(name) ?? OPERATORS.get(name)?.split(' ').map(version);
  if (known !== undefined) {
    versions.set(name, known);
  }
  return known?.findLast(({ since }) => since <= opset);
}

/**
 * Reads a version as `cpuKernels.py` writes it, beginning with the operator set that brought it:
 * - `13` is computed, whatever the types;
 * - `13=0:df,1:l|0:h` is computed if one of the ways between the bars fits: input 0 is of type `d`
 *   or `f` and input 1 of type `l`, or input 0 is of type `h`; `>0` is the first output;
 * - `13=0:df~h` takes `h` as well, which the runtime casts to `f` and back;
 * - `13=*0:f` is a function, which is taken apart into other operators where input 0 is of type `f`;
 * - `13!` is not computed.
 */
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
  const types = new Map<string, ReadonlySet<string>>();
  for (const place of places) {
    const [name = '', taken = ''] = place.split(':');
    const letters = taken.replace('~h', '');
    if (letters !== taken) {
      widened.add(name);
    }
    types.set(name, new Set(Array.from(letters).flatMap((letter) => TYPES[letter] ?? [])));
  }
  return { isFunction, types, widened };
}
