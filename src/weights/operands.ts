import type { Dataflow } from '../onnx/graph/dataflow';
import type { Node } from '../onnx/graph/model';
import { operatorName } from '../onnx/graph/operators';
import { blockQuantizedWeight, isLookUp } from './blockQuantization';
import { quantizationByUse } from './integerUses';
import { dimsOf, type StoredParameter } from './parameters';
import { intAttribute } from '../onnx/graph/attributes';
import { storedParameter, linearQuantization } from './storedParameter';

/** A parameter of a module, as an input of one of its operators. */
export interface Operand {
  /** What a module calls it. */
  parameter: 'weight' | 'bias' | 'running_mean' | 'running_var';
  /** The tensor; `transposed` against the layout of `transformers`, where linear layers are meant. */
  stored: StoredParameter;
  /** Shape of the parameter; a vector has one axis, even if it is stored with more. */
  dims: number[];
  /**
   * Whether the operator fits a linear layer, whose weight exporters transpose. Other parameters are
   * stored as they are, unless something was computed from them.
   */
  linear: boolean;
}

/** What an input of an operator is to its module. */
interface Role {
  input: number;
  parameter: Operand['parameter'];
  shape: 'matrix' | 'table' | 'vector' | 'kernel';
  /** Inputs with the scale and the zero point of a quantised weight. */
  quantization?: [scale: number, zeroPoint: number];
}

const WEIGHT: Role = { input: 1, parameter: 'weight', shape: 'matrix' };
const SCALE_AND_SHIFT: readonly Role[] = [
  { input: 1, parameter: 'weight', shape: 'vector' },
  { input: 2, parameter: 'bias', shape: 'vector' },
];
const SKIP: readonly Role[] = SCALE_AND_SHIFT.map((role) => ({ ...role, input: role.input + 1 }));
const CONVOLUTION: readonly Role[] = [
  { input: 1, parameter: 'weight', shape: 'kernel' },
  { input: 2, parameter: 'bias', shape: 'vector' },
];
const GEMM: readonly Role[] = [WEIGHT, { input: 2, parameter: 'bias', shape: 'vector' }];

/** By domain and name; of operators of ONNX itself the domain is empty. */
const ROLES: ReadonlyMap<string, readonly Role[]> = new Map<string, readonly Role[]>([
  ['MatMul', [WEIGHT]],
  ['Gemm', GEMM],
  ['Gather', [{ input: 0, parameter: 'weight', shape: 'table' }]],
  ['Conv', CONVOLUTION],
  ['LayerNormalization', SCALE_AND_SHIFT],
  ['GroupNormalization', SCALE_AND_SHIFT],
  ['RMSNormalization', SCALE_AND_SHIFT.slice(0, 1)],
  ['SimplifiedLayerNormalization', SCALE_AND_SHIFT.slice(0, 1)],
  [
    'BatchNormalization',
    [
      ...SCALE_AND_SHIFT,
      { input: 3, parameter: 'running_mean', shape: 'vector' },
      { input: 4, parameter: 'running_var', shape: 'vector' },
    ],
  ],
  [
    'Add',
    [
      { input: 0, parameter: 'bias', shape: 'vector' },
      { input: 1, parameter: 'bias', shape: 'vector' },
    ],
  ],
  [
    'Mul',
    [
      { input: 0, parameter: 'weight', shape: 'vector' },
      { input: 1, parameter: 'weight', shape: 'vector' },
    ],
  ],
  ['MatMulInteger', [WEIGHT]],
  ['ConvInteger', CONVOLUTION.slice(0, 1)],
  ['com.microsoft.FusedMatMul', [WEIGHT]],
  ['com.microsoft.FusedGemm', GEMM],
  ['com.microsoft.MatMulNBits', [{ input: 5, parameter: 'bias', shape: 'vector' }]],
  ['com.microsoft.SkipSimplifiedLayerNormalization', SKIP.slice(0, 1)],
  ['com.microsoft.SkipLayerNormalization', SKIP],
  [
    'com.microsoft.DynamicQuantizeMatMul',
    [
      { ...WEIGHT, quantization: [2, 3] },
      { input: 4, parameter: 'bias', shape: 'vector' },
    ],
  ],
  [
    'com.microsoft.MatMulIntegerToFloat',
    [
      { ...WEIGHT, quantization: [3, 5] },
      { input: 6, parameter: 'bias', shape: 'vector' },
    ],
  ],
]);

/** The stored tensors among a node's inputs that could be parameters, by its operator alone. */
export function operandsOf(node: Node, flow: Dataflow): Operand[] {
  const few = blockQuantizedWeight(node, flow);
  const packed: Operand[] =
    few === undefined
      ? []
      : [{ parameter: 'weight', stored: few, dims: dimsOf(few), linear: !isLookUp(node) }];
  const others = (ROLES.get(operatorName(node)) ?? []).flatMap((role) => {
    const found = storedParameter(node.inputs[role.input], flow);
    if (found === undefined || !fits(found, role.shape)) {
      return [];
    }
    const { quantization: inputs } = role;
    const known =
      inputs === undefined
        ? quantizationByUse(node, flow)
        : linearQuantization(node, ...inputs, flow);
    const quantization = known ?? found.quantization;
    const stored: StoredParameter = {
      ...found,
      ...(quantization === undefined ? {} : { quantization }),
      transposed: found.transposed !== (role.shape === 'matrix' && !hasTransposedWeight(node)),
    };
    const all = dimsOf(stored);
    const dims = role.shape === 'vector' ? all.filter((size) => size !== 1) : all;
    return [{ parameter: role.parameter, stored, dims, linear: role.shape === 'matrix' }];
  });
  return [...packed, ...others];
}

function fits({ tensor: { dims } }: StoredParameter, shape: Role['shape']): boolean {
  switch (shape) {
    case 'matrix':
    case 'table':
      return dims.length === 2;
    case 'kernel':
      return dims.length > 2;
    case 'vector':
      // A vector along channels has axes of size 1 behind it.
      return dims.filter((size) => size !== 1).length === 1;
  }
}

function hasTransposedWeight(node: Node): boolean {
  return (intAttribute(node, 'transB') ?? 0) === 1;
}
