import type { Truncation } from '../shared/attention';
import type { ResultWarning, WordsOfSentence } from '../shared/resultWarning';
import type { StopReason } from '../shared/generation';
import type { ModelChoice, Task } from '../shared/modelSummary';
import { phrase, type Phrase } from '../shared/failure';

/** What of a result decides whether it needs a word of warning. */
export interface Outcome {
  warnings: readonly ResultWarning[];
  stop?: StopReason;
  truncation?: Truncation;
  /** True when the model wrote nothing at all, which the caller says. */
  nothing?: boolean;
}

/** Whether only a part of a text that is too long is used; others read all of it, piece by piece. */
export function usesPart(task: Task): boolean {
  return task === 'complete' || task === 'fillMask';
}

/** What may explain that a model wrote nothing. */
const EXPLAINING: ReadonlySet<ResultWarning['kind']> = new Set([
  'unknownCharacters',
  'sameLanguage',
  'alreadyTranslated',
]);

/** Every reason to distrust a result, one whole sentence each. */
export function warningSentences(
  { warnings, stop, truncation, nothing = false }: Outcome,
  task: Task,
  model: ModelChoice,
): Phrase[] {
  const isBundled = 'bundled' in model;
  const sentences = warnings
    // Where nothing was written, only what may explain it is worth a word.
    .filter(({ kind }) => !nothing || EXPLAINING.has(kind))
    .flatMap((warning) => describe(warning, task, isBundled));
  if (truncation !== undefined && !usesPart(task)) {
    const { total, context } = truncation;
    sentences.push(
      phrase(
        'A sentence is longer ({0} tokens) than the model can read at once ({1}), so it was cut in the middle.',
        total,
        context,
      ),
    );
  }
  if (!nothing && task !== 'complete' && (stop === 'length' || stop === 'context')) {
    sentences.push(
      phrase('The model reached the largest length it may write, so the end may be missing.'),
    );
  }
  return sentences;
}

function describe(warning: ResultWarning, task: Task, isBundled: boolean): Phrase | Phrase[] {
  switch (warning.kind) {
    case 'empty':
      return phrase('The model wrote nothing for the text or for a part of it.');
    case 'repetition':
      return phrase('The result repeats itself.');
    case 'sameLanguage':
      return phrase(
        'The translation is in the language of the text, or the text is already in the language to translate into.',
      );
    case 'alreadyTranslated':
      return phrase(
        'These sentences are already in the language to translate into, so they stay as they are: {0}.',
        listed(warning.sentences),
      );
    case 'unknownCharacters':
      return phrase(
        'The model does not know all characters of the text ({0}% of them unknown, such as {1}).',
        percent(warning.share),
        warning.characters.slice(0, MOST_CHARACTERS).join(' '),
      );
    case 'notShorter':
      return phrase('The model did not make the text shorter.');
    case 'heldShort':
      return phrase(
        'The summary would have become as long as the text, so it was broken off; its end may be missing.',
      );
    case 'apart':
      return phrase(
        'The model lost marks, code or placeholders of these sentences, so they were put back, and the words between them were translated apart; the order of words may be wrong: {0}.',
        listed(warning.sentences),
      );
    case 'untranslated':
      return phrase(
        'The model lost marks, code or placeholders of these sentences, so they stay as they are: {0}.',
        listed(warning.sentences),
      );
    case 'pieces':
      return [
        ...(warning.missing.length === 0
          ? []
          : [phrase('The result lacks pieces of the text: {0}.', listed(warning.missing))]),
        ...(warning.added.length === 0
          ? []
          : [phrase('The result has pieces that the text has not: {0}.', listed(warning.added))]),
      ];
    case 'unreliable':
      return phrase(
        'This model needs more training: what it writes is mostly wrong, and only shows how such a model works.',
      );
    case 'unmetSettings':
      return phrase(
        'The model’s generation settings ask for what Headlight does not do ({0}); the result may differ.',
        warning.settings.join(', '),
      );
    case 'invalidSettings':
      return phrase(
        'The model’s generation settings have values that cannot be used and were left out ({0}).',
        warning.settings.join(', '),
      );
    case 'unfamiliar':
      return warning.sentences === undefined
        ? isBundled
          ? outsideSoftware(task)
          : OUTSIDE
        : phrase(
            'These parts of the text seem unlike what the model was trained on; what it made of them may be wrong: {0}.',
            listed(warning.sentences),
          );
    case 'names':
      return [
        ...(warning.missing.length === 0
          ? []
          : [phrase('The translation lacks names of the text: {0}.', listed(warning.missing))]),
        ...(warning.added.length === 0
          ? []
          : [
              phrase(
                'The translation has names that are not in the text: {0}.',
                listed(warning.added),
              ),
            ]),
      ];
    case 'lostWords':
      return phrase(
        'Something may be lost: nothing in the translation seems to stand for these words of the text: {0}.',
        listedBySentence(warning.found),
      );
    case 'rareWords':
      return phrase(
        'The translator hardly met these words of the text in its training, so it had to guess: {0}.',
        listedBySentence(warning.found),
      );
    case 'negation':
      return [
        ...(warning.lost.length === 0
          ? []
          : [phrase('The translation seems to have lost a “not”: {0}.', listed(warning.lost))]),
        ...(warning.added.length === 0
          ? []
          : [
              phrase(
                'The translation seems to say “not” where the text does not: {0}.',
                listed(warning.added),
              ),
            ]),
      ];
    case 'unsure':
      return warning.sentences.length === 0
        ? phrase(
            'As a whole, the model gave this continuation a low probability; such continuations seldom make sense.',
          )
        : phrase(
            'The model was unsure how to translate these sentences; their translations may be wrong: {0}.',
            listed(warning.sentences),
          );
    case 'saidAgain':
      return phrase(
        'The continuation may go in a circle: a sentence of it says these words again: {0}.',
        listed(warning.words),
      );
    case 'newWords':
      return phrase(
        'The summary may be wrong: the text does not have these words of it: {0}.',
        listed(warning.words),
      );
    case 'pieced':
      return phrase(
        'The model put these sentences together from parts of the text, so they may say something else: {0}.',
        listed(warning.sentences),
      );
  }
}

/** More would say no more. */
const MOST_CHARACTERS = 5;
const MOST_PIECES = 5;
const LONGEST_PIECE = 60;

/** The first pieces of a text, each by its beginning and in quotation marks. */
function listed(pieces: readonly string[]): string {
  const shown = pieces
    .slice(0, MOST_PIECES)
    .map((piece) => piece.replace(/\s+/g, ' '))
    .map((piece) => (piece.length > LONGEST_PIECE ? `${piece.slice(0, LONGEST_PIECE)}…` : piece))
    .map((piece) => `“${piece}”`);
  return [...shown, ...(pieces.length > MOST_PIECES ? ['…'] : [])].join(', ');
}

/** Words; where the text has several sentences, each group behind the beginning of its sentence. */
function listedBySentence(found: readonly WordsOfSentence[]): string {
  const groups = found
    .slice(0, MOST_PIECES)
    .map(({ words, sentence }) =>
      sentence === undefined ? listed(words) : `${listed([sentence])}: ${listed(words)}`,
    );
  return [...groups, ...(found.length > MOST_PIECES ? ['…'] : [])].join('; ');
}

/** A share in whole percents, not rounded down to nothing. */
function percent(share: number): number {
  return Math.max(1, Math.round(share * 100));
}

const OUTSIDE = phrase(
  'This text seems unlike what the model was trained on; the result may be wrong.',
);

/** The models that Headlight brings were trained on one kind of text. */
function outsideSoftware(task: Task): Phrase {
  switch (task) {
    case 'complete':
      return phrase(
        'This text is unlike the software English that the model was trained on; the continuation may make no sense.',
      );
    case 'translate':
      return phrase(
        'This text is unlike the software English that the model was trained on; the translation may be wrong.',
      );
    case 'summarize':
      return phrase(
        'This text is unlike the software English that the model was trained on; the summary may be wrong.',
      );
    case 'fillMask':
      return phrase(
        'This text is unlike the software English that the model was trained on; the suggestions may be wrong.',
      );
  }
}
