import type { Dataflow } from '../../onnx/graph/dataflow';
import type { DType, Node } from '../../onnx/graph/model';
import type { InferredShapes } from '../../onnx/shapes/inferShapes';
import type { CostPolynomial, TensorCost } from '../../shared/modelCost';
import { polynomialOf, type NamedSizes } from './polynomial';

/** The sizes of a tensor's dimensions; undefined those that are unknown. */
export type Sizes = readonly (CostPolynomial | undefined)[];

/** A node, and the sizes of what it takes and gives. */
export interface Call {
  node: Node;
  /** Of an input; undefined if it is left out, or its rank is unknown. */
  input: (index: number) => Sizes | undefined;
  /** Of the first output. */
  output: Sizes | undefined;
  /** Element type of the first input. */
  dtype: DType | undefined;
}

/** What the matrix products of an operator come to. */
export interface Work {
  operations: CostPolynomial;
  /** Those of them that make attention maps, and that take them. */
  attention?: CostPolynomial;
  map?: TensorCost;
}

/** Counts an operator; undefined where a size is unknown. */
export type Rule = (call: Call) => Work | undefined;

/** Rules by {@link operatorName}. */
export type Rules = ReadonlyMap<string, Rule>;

export function callOf(
  node: Node,
  { graph }: Dataflow,
  shapes: InferredShapes,
  names: NamedSizes,
): Call {
  const sizes = (value: string | undefined): Sizes | undefined =>
    value === undefined || value === ''
      ? undefined
      : shapes.sizesOf(graph, value)?.map((size) => polynomialOf(size, names));
  return {
    node,
    input: (index) => sizes(node.inputs[index]),
    output: sizes(node.outputs[0]),
    dtype: shapes.typeOf(graph, node.inputs[0] ?? '')?.dtype,
  };
}
