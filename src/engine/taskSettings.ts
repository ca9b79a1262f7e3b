import { generationSettingsOf } from './generation/settings';
import type { OpenModel } from './openModel';

/**
 * A model with the settings that it has for one task (`task_specific_params` of config.json), as the
 * pipelines of `transformers` have it.
 * @param task such as `summarization`.
 */
export function withTaskSettings<M extends OpenModel>(model: M, task: string): M {
  const generation = model.folder.taskGeneration.get(task);
  return generation === undefined
    ? model
    : {
        ...model,
        folder: { ...model.folder, generation },
        ...generationSettingsOf(generation, model.tokenizer, model.limits.context),
      };
}
