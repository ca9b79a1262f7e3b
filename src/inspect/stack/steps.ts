import type { Node } from '../../onnx/graph/model';
import { operatorName } from '../../onnx/graph/operators';

/** What a node does, or a part of it. */
export interface NodeStep {
  /** The operator; ONNX Runtime's own without their domain. */
  operator: string;
  node: Node;
  inputs: readonly string[];
  outputs: readonly string[];
  /** The inputs of the node that these are, by their numbers, to tell whose weights they are. */
  operands: readonly number[];
}

/** A node as steps that each do one thing: sums, look-ups and norms that are fused are taken apart. */
export function intoSteps(node: Node): Omit<NodeStep, 'node'>[] {
  switch (operatorName(node)) {
    case 'com.microsoft.SkipLayerNormalization':
      return skipNorm(node, 'LayerNormalization', [2, 3], 4);
    case 'com.microsoft.SkipSimplifiedLayerNormalization':
      return skipNorm(node, 'RMSNormalization', [2], 3);
    case 'com.microsoft.EmbedLayerNormalization':
      return embedNorm(node);
    default: {
      const { inputs, outputs } = node;
      return [{ operator: plainName(node), inputs, outputs, operands: [...inputs.keys()] }];
    }
  }
}

/** Names an operator as parts of a stack are told by: that of ONNX Runtime without its domain. */
function plainName({ domain, opType }: Node): string {
  return domain === '' || domain === 'com.microsoft' ? opType : operatorName({ domain, opType });
}

/**
 * `SkipLayerNormalization` and its kin (ONNX Runtime, "Contrib Operators"): input + skip [+ bias], and the
 * norm of it. The sum is the fourth output, where it is asked for.
 * @param scales numbers of the inputs that the norm takes. @param bias that of what is added besides.
 */
function skipNorm(
  { inputs, outputs }: Node,
  operator: string,
  scales: readonly number[],
  bias: number,
): Omit<NodeStep, 'node'>[] {
  const [input = '', skip = ''] = inputs;
  const [normed = '', , , given = ''] = outputs;
  const sum = given === '' ? inside(normed, 'sum') : given;
  return [
    { operator: 'Add', inputs: [input, skip], outputs: [sum], operands: [0, 1, bias] },
    {
      operator,
      inputs: [sum, ...scales.map((number) => inputs[number] ?? '')],
      outputs: [normed],
      operands: scales,
    },
  ];
}

/**
 * `EmbedLayerNormalization` (ONNX Runtime, "Contrib Operators"): input_ids, segment_ids, word, position and
 * segment embedding, gamma, beta, mask, position_ids. Where these are not given, positions count from 0.
 */
function embedNorm({ inputs, outputs }: Node): Omit<NodeStep, 'node'>[] {
  const [ids = '', segments = '', words = '', places = '', kinds = '', gamma = '', beta = ''] =
    inputs;
  const positions = inputs[8] ?? '';
  const [normed = '', , given = ''] = outputs;
  const name = (part: string): string => inside(normed, part);
  const lookUp = (table: string, index: string, output: string, number: number) => ({
    operator: 'Gather',
    inputs: [table, index],
    outputs: [output],
    operands: [number],
  });
  const add = (left: string, right: string, output: string) => ({
    operator: 'Add',
    inputs: [left, right],
    outputs: [output],
    operands: [],
  });
  const hasKinds = kinds !== '' && segments !== '';
  const placed = hasKinds || given === '' ? name('placed') : given;
  const sum = given === '' ? name('sum') : given;
  return [
    lookUp(words, ids, name('words'), 2),
    lookUp(places, positions, name('positions'), 3),
    add(name('words'), name('positions'), placed),
    ...(hasKinds
      ? [lookUp(kinds, segments, name('kinds'), 4), add(placed, name('kinds'), sum)]
      : []),
    {
      operator: 'LayerNormalization',
      inputs: [hasKinds ? sum : placed, gamma, beta],
      outputs: [normed],
      operands: [5, 6],
    },
  ];
}

/** A name for a value inside an operator. No file has one with a zero character. */
function inside(output: string, part: string): string {
  return `${output}\0${part}`;
}
