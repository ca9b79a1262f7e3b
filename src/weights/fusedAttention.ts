import { intsAttribute, intAttribute } from '../onnx/graph/attributes';
import type { Dataflow } from '../onnx/graph/dataflow';
import type { Node } from '../onnx/graph/model';
import { moduleName } from '../onnx/graph/modulePath';
import { isNumeric } from './elements';
import { ownName, parentOf } from './parameterNames';
import { operandsOf } from './operands';
import type { StoredParameter } from './parameters';
import { storedParameter, linearQuantization } from './storedParameter';

/** A parameter that is a part of a tensor. */
export interface PartOperand {
  name: string;
  stored: StoredParameter;
}

/**
 * What the families call their projections: the ending of the output's name, and what stands for it
 * in the names of query, key and value.
 */
const PROJECTIONS: readonly { output: RegExp; inputs: readonly [string, string, string] }[] = [
  { output: /(?<=attention)\.output\.dense$/, inputs: ['.self.query', '.self.key', '.self.value'] },
  { output: /(?<=attention)\.dense$/, inputs: ['.query', '.key', '.value'] },
  { output: /\.out_lin$/, inputs: ['.q_lin', '.k_lin', '.v_lin'] },
  { output: /\.(out|o)_proj$/, inputs: ['.q_proj', '.k_proj', '.v_proj'] },
  { output: /(?<=Attention)\.o$/, inputs: ['.q', '.k', '.v'] },
];

/** The same for GPT-2, whose own packed layer is stored as it is. */
const PACKED = { output: /(?<=attn)\.c_proj$/, input: '.c_attn' } as const;

/** Nodes between an attention and the layer behind it. Quantised ones have two. */
const OUTPUT_STEPS = 4;

/** Operators of a linear layer. */
const PRODUCT = /MatMul|Gemm/;

/** Uses of a value that are looked at. There is one, or two where it is quantised. */
const USES = 4;

/**
 * The parts of what ONNX Runtime's optimiser packs together for its attention operators: the weights
 * and biases of query, key and value, one behind the other. Operators: ContribOperators.md of
 * microsoft/onnxruntime.
 *
 * The operator's name tells nothing, so that the names come from the layer behind it, or from the
 * layers before it where those are left.
 */
export function packedOperands(node: Node, flow: Dataflow): PartOperand[] {
  if (node.domain !== 'com.microsoft') {
    return [];
  }
  switch (node.opType) {
    case 'Attention':
      return ofAttention(node, flow, storedParameter(node.inputs[1], flow));
    case 'QAttention': {
      const found = storedParameter(node.inputs[1], flow);
      const quantization = linearQuantization(node, 4, 7, flow);
      const stored =
        found === undefined || quantization === undefined ? found : { ...found, quantization };
      return ofAttention(node, flow, stored);
    }
    case 'MultiHeadAttention':
      return partsOf(storedParameter(node.inputs[3], flow), layersBefore(node, flow), 'bias', node);
    case 'GroupQueryAttention':
      return ofPackedLayer(node, flow);
    default:
      return [];
  }
}

function ofAttention(
  node: Node,
  flow: Dataflow,
  weight: StoredParameter | undefined,
): PartOperand[] {
  const behind = layerBehind(node, flow);
  const bias = storedParameter(node.inputs[2], flow);
  if (PACKED.output.test(behind)) {
    const layer = behind.replace(PACKED.output, PACKED.input);
    return [
      ...(weight === undefined ? [] : [{ name: `${layer}.weight`, stored: weight }]),
      ...(bias === undefined ? [] : [{ name: `${layer}.bias`, stored: bias }]),
    ];
  }
  const family = PROJECTIONS.find(({ output }) => output.test(behind));
  const layers = family?.inputs.map((input) => behind.replace(family.output, input)) ?? [];
  return [...partsOf(weight, layers, 'weight', node), ...partsOf(bias, layers, 'bias', node)];
}

/** Cuts a packed tensor into three along its last axis. */
function partsOf(
  stored: StoredParameter | undefined,
  layers: readonly (string | undefined)[],
  parameter: 'weight' | 'bias',
  node: Node,
): PartOperand[] {
  const { dims = [], name = '' } = stored?.tensor ?? {};
  const isPacked = dims.length === (parameter === 'weight' ? 2 : 1);
  // A packed layer of the model's own, as GPT-2 has it, keeps its name.
  if (stored === undefined || !isPacked || ownName(name).full !== undefined) {
    return [];
  }
  const sizes = sizesOf(node, dims.at(-1) ?? 0);
  return cut({ ...stored, transposed: parameter === 'weight' }, dims.length - 1, sizes, (i) =>
    nameOf(layers[i], parameter),
  );
}

/** The parts of a tensor along an axis, as far as they have names. */
function cut(
  stored: StoredParameter,
  axis: number,
  sizes: readonly number[],
  name: (index: number) => string | undefined,
): PartOperand[] {
  let start = 0;
  return sizes.flatMap((length, i) => {
    const part = { axis, start, length };
    start += length;
    const own = name(i);
    return own === undefined ? [] : [{ name: own, stored: { ...stored, part } }];
  });
}

function nameOf(layer: string | undefined, parameter: 'weight' | 'bias'): string | undefined {
  return layer === undefined ? undefined : `${layer}.${parameter}`;
}

/** What ONNX Runtime's model builder calls a layer that it made of three. */
const PACKED_LAYER = /(?<=\.)qkv_proj$/;

/** Nodes between such a layer and its attention: a bias, and norms of each head. */
const PACKED_STEPS = 6;

/**
 * The rows of a layer that gives queries, keys and values together, as ONNX Runtime's model builder
 * packs them for attention that may have fewer heads of keys than of queries.
 */
function ofPackedLayer(attention: Node, flow: Dataflow): PartOperand[] {
  const [heads, groups] = ['num_heads', 'kv_num_heads'].map(
    (name) => intAttribute(attention, name) ?? 0,
  ) as [number, number];
  const found: PartOperand[] = [];
  let node = flow.producer(attention.inputs[0]);
  for (let step = 0; step < PACKED_STEPS && node !== undefined; step++) {
    for (const { parameter, stored, dims, linear } of operandsOf(node, flow)) {
      const layer = parentOf(ownName(stored.tensor.name).full ?? '');
      const size = (dims[0] ?? 0) / (heads + 2 * groups);
      if (PACKED_LAYER.test(layer) && Number.isInteger(size) && size > 0) {
        const sizes = [heads * size, groups * size, groups * size];
        const axis = stored.transposed ? 1 : 0;
        const name = (i: number): string =>
          `${layer.replace(PACKED_LAYER, ['q_proj', 'k_proj', 'v_proj'][i] ?? '')}.${parameter}`;
        found.push(...cut(stored, axis, sizes, name));
      }
      if (linear) {
        return found;
      }
    }
    node = flow.producer(node.inputs[0]);
  }
  return found;
}

/** How many columns query, key and value have; none where that makes no sense. */
function sizesOf(node: Node, columns: number): readonly number[] {
  const third = columns / 3;
  const known = intsAttribute(node, 'qkv_hidden_sizes') ?? [third, third, third];
  const isWhole = known.length === 3 && known.every((size) => Number.isInteger(size) && size > 0);
  return isWhole && known.reduce((sum, size) => sum + size, 0) === columns ? known : [];
}

function layerBehind(node: Node, flow: Dataflow): string {
  let value = node.outputs[0];
  for (let step = 0; step < OUTPUT_STEPS; step++) {
    for (const { node: user } of flow.uses(value).slice(0, USES)) {
      const layer = PRODUCT.test(user.opType) ? layerOf(user, flow) : '';
      if (layer !== '') {
        return layer;
      }
    }
    value = flow.uses(value)[0]?.node.outputs[0];
  }
  return '';
}

function layersBefore(node: Node, flow: Dataflow): (string | undefined)[] {
  return node.inputs.slice(0, 3).map((value) => {
    const before = flow.producer(value);
    const layer = before === undefined ? '' : layerOf(before, flow);
    return layer === '' ? undefined : layer;
  });
}

/** The layer of a product, by its node or by the weight that carries its name. */
function layerOf(node: Node, flow: Dataflow): string {
  const weight = storedParameter(node.inputs[1], flow)?.tensor;
  const own =
    weight !== undefined && isNumeric(weight.dtype) ? ownName(weight.name).full : undefined;
  const module = moduleName(node);
  return module === '' && own !== undefined ? parentOf(own) : module;
}
