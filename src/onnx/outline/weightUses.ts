import { intAttribute } from '../graph/attributes';
import type { Dataflow } from '../graph/dataflow';
import { rawBytes } from '../graph/dtype';
import { elementCount } from '../graph/elementCount';
import type { DType, Node, OnnxModel, TensorRef } from '../graph/model';
import { packedWeight, type PackedBits } from '../graph/operatorInputs';
import { placedNodes } from '../graph/placedNodes';
import { graphsOf } from '../graph/walk';

/** A place where a weight is used: it is input `input` of the node, or what that is made of. */
export interface WeightUse {
  node: Node;
  input: number;
  flow: Dataflow;
  /** Nodes between the weight and this one that only prepare it, such as `DequantizeLinear`. */
  through: readonly Node[];
}

/** An initializer, once however many names it has. */
export interface Weight {
  tensor: TensorRef;
  /** Type of an element; of packed ones their own. */
  dtype: DType;
  /** Elements; of packed ones all that are in a byte. */
  parameters: number;
  bytes: number;
  /** In the order of the file. */
  uses: WeightUse[];
  /** The weight that this one is only a scale or a zero point of. */
  partOf?: Weight;
}

/** Operators that change how a weight is stored and not what it is. */
const PREPARING: ReadonlySet<string> = new Set([
  ...['Cast', 'CastLike', 'DequantizeLinear', 'Identity', 'QuantizeLinear', 'Reshape', 'Squeeze'],
  ...['Transpose', 'Unsqueeze'],
]);

/** Preparing nodes in a row that are looked through; mostly there is one. */
const MOST_PREPARATIONS = 8;

const NONE: readonly Node[] = [];

/** Where a prepared value comes from. */
interface Origin {
  weight: Weight;
  through: readonly Node[];
}

/**
 * The weights of a model and where they are used. Tensors that lie in the same place of a file are
 * one weight, as tied ones are.
 */
export function weightsOf(model: OnnxModel): Weight[] {
  const byTensor = new Map<TensorRef, Weight>();
  const byPlace = new Map<string, Weight>();
  for (const { initializers, sparseInitializers } of graphsOf(model.graph)) {
    for (const tensor of [...initializers, ...sparseInitializers.map(({ values }) => values)]) {
      const place = placeOf(tensor);
      const weight = (place === undefined ? undefined : byPlace.get(place)) ?? unused(tensor);
      byTensor.set(tensor, weight);
      if (place !== undefined) {
        byPlace.set(place, weight);
      }
    }
  }
  collectUses(model, byTensor);
  const weights = [...new Set(byTensor.values())];
  weights.forEach(unpack);
  return weights;
}

function collectUses(model: OnnxModel, weights: ReadonlyMap<TensorRef, Weight>): void {
  const prepared = new Map<Dataflow, Map<string, Origin>>();
  const preparedIn = (flow: Dataflow | undefined, name: string): Origin | undefined =>
    flow && (prepared.get(flow)?.get(name) ?? preparedIn(flow.outer, name));
  for (const { node, flow } of placedNodes(model)) {
    const here = prepared.get(flow) ?? new Map<string, Origin>();
    prepared.set(flow, here);
    const origins = node.inputs.map((name): Origin | undefined => {
      const tensor = name === '' ? undefined : flow.initializer(name);
      const weight = tensor && weights.get(tensor);
      return weight === undefined ? preparedIn(flow, name) : { weight, through: NONE };
    });
    const [first] = origins;
    const [result] = node.outputs;
    const prepares =
      first !== undefined &&
      first.through.length < MOST_PREPARATIONS &&
      PREPARING.has(node.opType) &&
      node.inputs.every(
        (name, index) => name === '' || origins[index] !== undefined || flow.isConstant(name),
      );
    if (prepares && result !== undefined) {
      here.set(result, { weight: first.weight, through: [...first.through, node] });
    }
    for (const [input, origin] of origins.entries()) {
      if (!prepares) {
        origin?.weight.uses.push({ node, input, flow, through: origin.through });
        markScale(node, input, origins);
      } else if (origin !== undefined && origin.weight !== first.weight) {
        origin.weight.partOf ??= first.weight;
      }
    }
  }
}

/** Notes a packed weight's scales and zero points, which stand after the other two operands. */
function markScale(node: Node, input: number, origins: readonly (Origin | undefined)[]): void {
  const scale = input === 2 || input === 3 ? origins[input]?.weight : undefined;
  const packed = packedWeight(node);
  const whole = packed && origins[packed.input]?.weight;
  if (scale !== undefined && whole !== undefined && whole !== scale) {
    scale.partOf ??= whole;
  }
}

/** Text that is the same for tensors that share their bytes; undefined for those without any. */
export function placeOf({ dtype, dims, data }: TensorRef): string | undefined {
  const type = `${dtype} ${dims.join(' ')}`;
  switch (data.kind) {
    case 'raw':
      return `${type} at ${data.span.offset}`;
    case 'external':
      return data.length > 0 ? `${type} at ${data.offset} of ${data.location}` : undefined;
    default:
      return undefined;
  }
}

function unused(tensor: TensorRef): Weight {
  const { dtype, dims } = tensor;
  const parameters = elementCount(dims);
  return { tensor, dtype, parameters, bytes: bytesOf(tensor, parameters), uses: [] };
}

function bytesOf({ dtype, data }: TensorRef, elements: number): number {
  switch (data.kind) {
    case 'raw':
      return data.span.length;
    case 'external':
      return data.length;
    case 'typed':
      return rawBytes(dtype, elements) ?? data.spans.reduce((sum, { length }) => sum + length, 0);
    case 'none':
      return 0;
  }
}

const PACKED_TYPES: ReadonlyMap<number, DType> = new Map([
  [2, 'uint2'],
  [4, 'uint4'],
]);

/** Tells how many elements a packed weight has, from the node that uses it. */
function unpack(weight: Weight): void {
  const packed = weight.uses.filter((each) => packedBits(each) !== undefined);
  // A table that is also a product's weight has its sizes from there.
  const use = packed.find(({ node }) => intAttribute(node, 'N') !== undefined) ?? packed[0];
  const bits = use && packedBits(use);
  if (use === undefined || bits === undefined || weight.dtype !== 'uint8') {
    return;
  }
  const rows = intAttribute(use.node, 'N');
  const columns = intAttribute(use.node, 'K');
  const inside = Math.floor(8 / bits) * weight.parameters;
  // The last block of a row may be filled up, which is no parameter.
  const isGiven = rows !== undefined && columns !== undefined && rows >= 0 && columns >= 0;
  const given = isGiven ? rows * columns : inside;
  weight.dtype = PACKED_TYPES.get(bits) ?? 'uint8';
  weight.parameters = Math.min(given, inside);
}

/** Bits of an element of the weight that a node takes packed. */
export function packedBits({ node, input }: WeightUse): PackedBits | undefined {
  const packed = packedWeight(node);
  return packed?.input === input ? packed.bits : undefined;
}
