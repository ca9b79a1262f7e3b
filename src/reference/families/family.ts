import type { ConfigReader } from '../config/configReader';
import type { ModelShape } from '../config/modelShape';
import type { FamilyNames } from './names';

/** A family of models: what its config.json means and where its weights are. */
export interface Family {
  /** `model_type` of config.json. */
  types: readonly string[];
  /** Endings of classes (`architectures` of config.json) whose output layer the reference knows. */
  classes: readonly string[];
  shape: (config: ConfigReader) => ModelShape;
  names: (config: ConfigReader) => FamilyNames;
}
