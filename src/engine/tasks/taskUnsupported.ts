import type { Task } from '../../shared/modelSummary';
import { Failure, phrase, type FailureData } from '../../shared/failure';

/** A failure that says that the model of a folder cannot do a task, and what kind of model can. */
export function taskUnsupported(task: Task, folder: string): Failure {
  return new Failure({ kind: 'unsupported', ...ADVICE[task], where: folder });
}

/**
 * A failure that says that the model of a folder writes nothing, because its file has no output layer.
 * @param instead what it returns in place of logits.
 */
export function withoutLogits(instead: string, folder: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase(
      'The model returns “{0}” and no “logits”, so it can be traced, but not write',
      instead,
    ),
    where: folder,
    remedy: phrase(
      'choose a text-generation model, or export this one with its language-model head',
    ),
  });
}

const ADVICE: Record<Task, Pick<FailureData, 'what' | 'remedy'>> = {
  complete: {
    what: phrase('This model cannot complete a text'),
    remedy: phrase('choose a text-generation model, such as GPT-2 or Llama'),
  },
  translate: {
    what: phrase('This model cannot translate'),
    remedy: phrase('choose an encoder–decoder model that was trained to translate, such as Marian'),
  },
  summarize: {
    what: phrase('This model cannot summarize'),
    remedy: phrase(
      'choose an encoder–decoder model that was trained to summarize, such as T5 or BART',
    ),
  },
  fillMask: {
    what: phrase('This model cannot fill blanks'),
    remedy: phrase('choose a fill-mask model, such as BERT'),
  },
};
