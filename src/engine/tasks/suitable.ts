import { Failure, phrase, type Phrase } from '../../shared/failure';
import type { DecoderModel, EncoderDecoderModel, EncoderModel, OpenModel } from '../openModel';

/**
 * The model as one that goes on with a text.
 * @throws Failure `unsupported` for any other one.
 */
export function forCompleting(model: OpenModel): DecoderModel {
  if (model.architecture !== 'decoder') {
    throw unsuitable(
      model,
      phrase('This model cannot go on with a text: it is no decoder-only model'),
      phrase('choose a text-generation model, such as GPT-2 or Llama'),
    );
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
    throw task === 'translate'
      ? unsuitable(
          model,
          phrase('This model cannot translate'),
          phrase('choose an encoder–decoder model that was trained to translate, such as Marian'),
        )
      : unsuitable(
          model,
          phrase('This model cannot summarise'),
          phrase(
            'choose an encoder–decoder model that was trained to summarise, such as T5 or BART',
          ),
        );
  }
  return model;
}

/**
 * The model as one that fills blanks.
 * @throws Failure `unsupported` for any other one.
 */
export function forFilling(model: OpenModel): EncoderModel {
  if (model.architecture !== 'encoder') {
    throw unsuitable(
      model,
      phrase('This model cannot fill blanks: it is no encoder-only model'),
      phrase('choose a fill-mask model, such as BERT'),
    );
  }
  return model;
}

function unsuitable({ summary }: OpenModel, what: Phrase, todo: Phrase): Failure {
  return new Failure({ kind: 'unsupported', what, where: summary.folder, todo });
}
