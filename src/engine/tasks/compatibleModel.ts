import type { Task } from '../../shared/modelSummary';
import { taskUnsupported, withoutLogits } from './taskUnsupported';
import type { DecoderModel, EncoderDecoderModel, EncoderModel, OpenModel } from '../openModel';

/**
 * The model as one that goes on with a text.
 * @throws Failure `unsupported` for any other one, and for one without an output layer.
 */
export function completionModel(model: OpenModel): DecoderModel {
  if (model.architecture !== 'decoder') {
    throw taskUnsupported('complete', model.summary.folder);
  }
  const { instead } = model.decoder.interface;
  if (instead !== undefined) {
    throw withoutLogits(instead, model.summary.folder);
  }
  return model;
}

/**
 * The model as one that makes one text of another.
 * @throws Failure `unsupported` for any other one, and for one that was trained for the other task.
 */
export function textToTextModel(
  model: OpenModel,
  task: 'translate' | 'summarize',
): EncoderDecoderModel {
  const trainedFor = model.folder.purpose.task ?? task;
  if (model.architecture !== 'encoder-decoder' || trainedFor !== task) {
    throw taskUnsupported(task, model.summary.folder);
  }
  return model;
}

/**
 * The model as one that fills blanks.
 * @throws Failure `unsupported` for any other one.
 */
export function fillMaskModel(model: OpenModel): EncoderModel {
  if (model.architecture !== 'encoder') {
    throw taskUnsupported('fillMask', model.summary.folder);
  }
  return model;
}

/**
 * The model as one that serves a use. Any model can be traced.
 * @throws Failure `unsupported` when it cannot.
 */
export function compatibleModel(model: OpenModel, use: Task | 'trace'): OpenModel {
  switch (use) {
    case 'complete':
      return completionModel(model);
    case 'translate':
    case 'summarize':
      return textToTextModel(model, use);
    case 'fillMask':
      return fillMaskModel(model);
    case 'trace':
      return model;
  }
}
