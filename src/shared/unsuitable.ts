import type { Task } from './engineApi';
import { Failure, phrase, type FailureData } from './failure';

/** A failure that says that the model of a folder cannot do a task, and what kind of model can. */
export function unsuitable(task: Task, folder: string): Failure {
  return new Failure({ kind: 'unsupported', ...ADVICE[task], where: folder });
}

const ADVICE: Record<Task, Pick<FailureData, 'what' | 'todo'>> = {
  complete: {
    what: phrase('This model cannot complete a text'),
    todo: phrase('choose a text-generation model, such as GPT-2 or Llama'),
  },
  translate: {
    what: phrase('This model cannot translate'),
    todo: phrase('choose an encoder–decoder model that was trained to translate, such as Marian'),
  },
  summarize: {
    what: phrase('This model cannot summarize'),
    todo: phrase(
      'choose an encoder–decoder model that was trained to summarize, such as T5 or BART',
    ),
  },
  fillMask: {
    what: phrase('This model cannot fill blanks'),
    todo: phrase('choose a fill-mask model, such as BERT'),
  },
};
