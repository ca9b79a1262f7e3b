import type { ConstantKind, ConstantOutline } from '../../shared/modelOutline';
import type { Node, OnnxModel } from '../graph/model';
import { modulesAround } from '../graph/modulePath';
import { everyNode } from '../graph/walk';
import { inputsOf } from '../graph/operatorInputs';
import { addsToLogits } from '../graph/outputLayer';
import { isQuantized } from './quantization';
import type { Weight, WeightUse } from './weightUses';

/**
 * Which initializers of a file are constants of its graph and no parameters of the model, as far as the
 * file tells: what `sum(p.numel() for p in model.parameters())` of PyTorch leaves out. What it does not
 * tell of counts as a parameter. In this order:
 *
 * - scales and zero points, by the operators that take them;
 * - integers, truth values and texts, unless they stand for the numbers of a quantised weight;
 * - buffers, by the names that PyTorch and `transformers` give them, and what a model of its own adds to
 *   its logits (`final_logits_bias`);
 * - sines and cosines of positions, by the operators that take them, and the frequencies that lead to
 *   nothing but these;
 * - masks: what nothing but `Where` takes;
 * - single numbers, unless they have the name of a parameter.
 */
export function constantsOf(
  model: OnnxModel,
  weights: readonly Weight[],
): ReadonlyMap<Weight, ConstantKind> {
  const consumers = consumersOf(model);
  const constants = new Map<Weight, ConstantKind>();
  for (const weight of weights) {
    const kind = kindOf(weight, consumers);
    if (kind !== undefined) {
      constants.set(weight, kind);
    }
  }
  return constants;
}

/** Nodes by the values that they take. */
type Consumers = ReadonlyMap<string, readonly Node[]>;

function kindOf(weight: Weight, consumers: Consumers): ConstantKind | undefined {
  const { tensor, parameters, partOf } = weight;
  if (isEveryUse(weight, isScale) || (partOf !== undefined && !/64$|bool/.test(tensor.dtype))) {
    return 'scale';
  }
  if (!/float/.test(tensor.dtype)) {
    return isQuantized(weight) ? undefined : 'integer';
  }
  const name = tensor.name.replace(/_(quantized|half|fp16|merged_\d+)$/, '');
  if (BUFFER.test(name) || isEveryUse(weight, isAddedToLogits)) {
    return 'buffer';
  }
  if (WEIGHT.test(name)) {
    return undefined;
  }
  if (
    isEveryUse(weight, isAngle) ||
    isEveryUse(weight, ({ node }) => leadsToAngles(node, consumers))
  ) {
    return 'angle';
  }
  if (isEveryUse(weight, ({ node }) => node.opType === 'Where') && parameters > 1) {
    return 'mask';
  }
  return parameters <= 1 && !NUMBER.test(name) ? 'number' : undefined;
}

/** Names of PyTorch's buffers, which modules keep and do not learn. */
const BUFFER =
  /(^|\.)(running_(mean|var)|(original_)?inv_freq|(cos|sin)_cached?|masked_bias|embed_scale|normalizer|final_logits_bias|embed_positions\.weights)$/;

/** Names of learned parameters. */
const WEIGHT = /\.(weight|bias)$/;

/** Names of parameters that may be a single number. ONNX Runtime's model builder has `model.constants` besides. */
const NUMBER = /^(?!model\.constants\.)[A-Za-z_]\w*(\.\w+)+$|^logit_(scale|bias)$/;

function isEveryUse({ uses }: Weight, test: (use: WeightUse) => boolean): boolean {
  return uses.length > 0 && uses.every(test);
}

/**
 * Whether a weight is a scale or a zero point to a node. Also the scale of a weight that is multiplied with that of what comes in, before both are with a sum of
 * integers, as ONNX Runtime's `quantize_dynamic` writes it.
 */
function isScale({ node, input, flow }: WeightUse): boolean {
  if (inputsOf(node).scales?.includes(input) === true) {
    return true;
  }
  const other = node.opType === 'Mul' ? node.inputs[1 - input] : undefined;
  const source = other === undefined ? undefined : flow.producer(other);
  return source?.opType === 'DynamicQuantizeLinear' && source.outputs[1] === other;
}

function isAngle({ node, input }: WeightUse): boolean {
  return inputsOf(node).angles?.includes(input) === true;
}

/** Operators between frequencies and the sines and cosines of what they make of positions. */
const BEFORE_ANGLES: ReadonlySet<string> = new Set([
  ...['Add', 'Cast', 'Concat', 'Div', 'Einsum', 'Expand', 'Gather', 'Identity', 'MatMul', 'Mul'],
  ...['Reshape', 'Slice', 'Split', 'Squeeze', 'Tile', 'Transpose', 'Unsqueeze', 'Where'],
]);

/** Operators of which only sizes come out. */
const SIZES: ReadonlySet<string> = new Set(['Shape', 'Size', 'ConstantOfShape']);

/** Nodes that are looked at behind a weight. Real graphs have some ten. */
const MOST_FOLLOWED = 64;

/** Whether nothing but sines and cosines comes of a node's results. */
function leadsToAngles(node: Node, consumers: Consumers): boolean {
  const seen = new Set<Node>([node]);
  let isFound = false;
  for (const each of seen) {
    if (each.opType === 'Sin' || each.opType === 'Cos') {
      isFound = true;
      continue;
    }
    if (SIZES.has(each.opType)) {
      continue;
    }
    const next = each.outputs.slice(0, MOST_FOLLOWED).map((name) => consumers.get(name) ?? []);
    const count = next.reduce((sum, nodes) => sum + nodes.length, 0);
    if (!BEFORE_ANGLES.has(each.opType) || count === 0 || seen.size + count > MOST_FOLLOWED) {
      return false;
    }
    next.flat().forEach((one) => seen.add(one));
  }
  return isFound;
}

/**
 * Whether a weight is added to the logits by the model itself, and the file says so: where it tells no
 * module, the weight may be the bias of the output layer.
 */
function isAddedToLogits({ node, flow }: WeightUse): boolean {
  return modulesAround(node)?.length === 0 && addsToLogits(node, flow);
}

function consumersOf(model: OnnxModel): Consumers {
  const consumers = new Map<string, Node[]>();
  for (const node of everyNode(model)) {
    for (const name of new Set(node.inputs)) {
      const known = consumers.get(name);
      if (known === undefined) {
        consumers.set(name, [node]);
      } else {
        known.push(node);
      }
    }
  }
  return consumers;
}

/** Constants by their kind, the largest part first. */
export function constantRows(constants: ReadonlyMap<Weight, ConstantKind>): ConstantOutline[] {
  return mergeConstants([
    Array.from(constants, ([{ parameters, bytes }, kind]) => ({
      kind,
      elements: parameters,
      bytes,
      tensors: 1,
    })),
  ]);
}

/** The rows of several files as one table. */
export function mergeConstants(tables: readonly (readonly ConstantOutline[])[]): ConstantOutline[] {
  const rows = new Map<ConstantKind, ConstantOutline>();
  for (const { kind, elements, bytes, tensors } of tables.flat()) {
    const row = rows.get(kind) ?? { kind, elements: 0, bytes: 0, tensors: 0 };
    row.elements += elements;
    row.bytes += bytes;
    row.tensors += tensors;
    rows.set(kind, row);
  }
  return [...rows.values()].sort((a, b) => b.bytes - a.bytes || (a.kind < b.kind ? -1 : 1));
}
