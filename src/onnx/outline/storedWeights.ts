import type { ConstantKind } from '../../shared/modelOutline';
import type { OnnxModel, TensorRef } from '../graph/model';
import { constantsOf } from './constants';
import { weightsOf, type Weight } from './weightUses';

/** The initializers of a file, and what is known of them. */
export interface StoredWeights {
  weights: readonly Weight[];
  /** Those that are no parameters. */
  constants: ReadonlyMap<Weight, ConstantKind>;
  /** Those that are stored before, each with the first of them. Their elements have to be read to tell. */
  copies: ReadonlyMap<Weight, Weight>;
}

/** The initializers of a file, as long as nobody has read them. */
export function storedWeights(model: OnnxModel): StoredWeights {
  const weights = weightsOf(model);
  return { weights, constants: constantsOf(model, weights), copies: new Map() };
}

/** The tensors of a file that are no parameters of its model, as {@link constantsOf} tells them. */
export function constantTensors(model: OnnxModel): ReadonlySet<TensorRef> {
  return new Set(Array.from(storedWeights(model).constants.keys(), ({ tensor }) => tensor));
}
