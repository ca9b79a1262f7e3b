import type {
  CompatibilityOutline,
  ConstantOutline,
  DtypeOutline,
  ModuleOutline,
  OperatorCount,
  QuantizationOutline,
  ShapeCoverage,
  SizeOutline,
} from '../../shared/modelOutline';
import type { Graph, OnnxModel } from '../graph/model';
import type { InferredShapes } from '../shapes/inferShapes';
import { compatibilityOf } from './compatibility';
import { constantRows } from './constants';
import { moduleTree } from './modules';
import { graphsOf } from '../graph/walk';
import { operatorCounts } from './operatorCounts';
import { quantizationOf } from './quantization';
import { dtypesOf, sizesOf } from './sizes';
import { storedWeights } from './storedWeights';

/** What an ONNX file holds, without its weights having been read. */
export interface FileOutline {
  /** As `ModelOutline` has it. */
  parameters: number;
  dtypes: DtypeOutline[];
  constants: ConstantOutline[];
  size: SizeOutline;
  operators: OperatorCount[];
  modules: ModuleOutline;
  quantization: QuantizationOutline;
  compatibility: CompatibilityOutline;
  shapes: ShapeCoverage;
}

/**
 * Outlines an ONNX file.
 * @param fileBytes its size.
 * @param shapes what {@link inferShapes} says of it.
 */
export function outlineFile(
  model: OnnxModel,
  fileBytes: number,
  shapes: InferredShapes,
  stored = storedWeights(model),
): FileOutline {
  const { weights, constants, copies } = stored;
  const parameters = weights.filter((weight) => !constants.has(weight));
  const counted = parameters.filter((weight) => !copies.has(weight));
  return {
    parameters: counted.reduce((sum, weight) => sum + weight.parameters, 0),
    dtypes: dtypesOf(counted),
    constants: constantRows(constants),
    size: sizesOf(model, weights, fileBytes),
    operators: operatorCounts(model),
    modules: moduleTree(model, stored),
    quantization: quantizationOf(parameters),
    compatibility: compatibilityOf(model, shapes),
    shapes: shapeCoverage(model.graph, shapes),
  };
}

/** Of how many values that nodes make every size is known. */
function shapeCoverage(whole: Graph, shapes: InferredShapes): ShapeCoverage {
  let known = 0;
  let values = 0;
  for (const graph of graphsOf(whole)) {
    for (const name of graph.nodes.flatMap(({ outputs }) => outputs).filter(Boolean)) {
      const shape = shapes.typeOf(graph, name)?.shape;
      values += 1;
      known += Number(shape?.every((size) => size !== null) === true);
    }
  }
  return { known, values };
}
