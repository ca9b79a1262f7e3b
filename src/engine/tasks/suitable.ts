import type { Task } from '../../shared/engineApi';
import { unsuitable, withoutLogits } from '../../shared/unsuitable';
import type { DecoderModel, EncoderDecoderModel, EncoderModel, OpenModel } from '../openModel';

/**
 * The model as one that goes on with a text.
 * @throws Failure `unsupported` for any other one, and for one without an output layer.
 */
export function forCompleting(model: OpenModel): DecoderModel {
  if (model.architecture !== 'decoder') {
    throw unsuitable('complete', model.summary.folder);
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
export function forRewriting(
  model: OpenModel,
  task: 'translate' | 'summarize',
): EncoderDecoderModel {
  const trainedFor = model.folder.purpose.task ?? task;
  if (model.architecture !== 'encoder-decoder' || trainedFor !== task) {
    throw unsuitable(task, model.summary.folder);
  }
  return model;
}

/**
 * The model as one that fills blanks.
 * @throws Failure `unsupported` for any other one.
 */
export function forFilling(model: OpenModel): EncoderModel {
  if (model.architecture !== 'encoder') {
    throw unsuitable('fillMask', model.summary.folder);
  }
  return model;
}

/**
 * The model as one that serves a use. Any model can be traced.
 * @throws Failure `unsupported` when it cannot.
 */
export function suitable(model: OpenModel, use: Task | 'trace'): OpenModel {
  switch (use) {
    case 'complete':
      return forCompleting(model);
    case 'translate':
    case 'summarize':
      return forRewriting(model, use);
    case 'fillMask':
      return forFilling(model);
    case 'trace':
      return model;
  }
}
