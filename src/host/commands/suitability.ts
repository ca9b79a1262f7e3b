import type { ModelSummary } from '../../shared/engineApi';
import { Failure, phrase, type FailureData } from '../../shared/failure';
import type { ModelUse } from '../settings';

/**
 * Says why a model cannot serve a use, judged by the stacks it has; nothing when it can. Any model
 * can be traced.
 */
export function unsuitability(
  { layers, folder }: Pick<ModelSummary, 'layers' | 'folder'>,
  use: ModelUse,
): Failure | undefined {
  const need = NEEDS[use];
  const encoder = layers.encoder !== undefined;
  const decoder = layers.decoder !== undefined;
  if (!need || (encoder === need.encoder && decoder === need.decoder)) {
    return undefined;
  }
  const { what, todo } = need;
  return new Failure({ kind: 'unsupported', what, where: folder, todo });
}

/** The stacks that a use takes, and what to say of a model that has others. */
interface Need extends Pick<FailureData, 'what' | 'todo'> {
  encoder: boolean;
  decoder: boolean;
}

const NEEDS: Partial<Record<ModelUse, Need>> = {
  complete: {
    encoder: false,
    decoder: true,
    what: phrase('This model cannot go on with a text: it is no decoder-only model'),
    todo: phrase('choose a text-generation model, such as GPT-2 or Llama'),
  },
  translate: {
    encoder: true,
    decoder: true,
    what: phrase('This model cannot translate'),
    todo: phrase('choose an encoder–decoder model that was trained to translate, such as Marian'),
  },
  summarize: {
    encoder: true,
    decoder: true,
    what: phrase('This model cannot summarise'),
    todo: phrase(
      'choose an encoder–decoder model that was trained to summarise, such as T5 or BART',
    ),
  },
  fillMask: {
    encoder: true,
    decoder: false,
    what: phrase('This model cannot fill blanks: it is no encoder-only model'),
    todo: phrase('choose a fill-mask model, such as BERT'),
  },
};
