import type {
  CompatibilityOutline,
  DtypeOutline,
  ModuleOutline,
  OperatorCount,
  QuantizationOutline,
  ShapeCoverage,
  SizeOutline,
} from '../../shared/modelOutline';
import type { Graph, OnnxModel } from '../model';
import type { InferredShapes } from '../shapes/inferShapes';
import { compatibilityOf } from './compatibility';
import { moduleTree } from './modules';
import { graphsOf } from './nodes';
import { operatorCounts } from './operators';
import { quantizationOf } from './quantization';
import { dtypesOf, sizesOf } from './sizes';
import { weightsOf } from './weights';

/** What an ONNX file holds, without its weights having been read. */
export interface FileOutline {
  /** Elements of all weights. */
  parameters: number;
  dtypes: DtypeOutline[];
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
): FileOutline {
  const weights = weightsOf(model);
  return {
    parameters: weights.reduce((sum, { parameters }) => sum + parameters, 0),
    dtypes: dtypesOf(weights),
    size: sizesOf(model, weights, fileBytes),
    operators: operatorCounts(model),
    modules: moduleTree(model, weights),
    quantization: quantizationOf(weights),
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
