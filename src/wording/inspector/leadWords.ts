import { phrase, type Phrase } from '../../shared/failure';
import type { ModelAbout } from '../../shared/modelAbout';
import type { ModelOutline } from '../../shared/modelOutline';
import { byteSize } from '../../shared/byteSize';
import { layersOf, type LayerCounts } from './layerCounts';
import { problemWords } from '../outlineWords';

/**
 * What a model is, and whether it runs, as two sentences; what stands between `**` is the point of them.
 * @param languageName the name of a language by its BCP 47 tag.
 * @param language that numbers are written in, a BCP 47 tag.
 */
export function leadWords(
  about: ModelAbout,
  outline: ModelOutline,
  languageName: (tag: string) => string,
  language: string,
): Phrase[] {
  const parameters = outline.parameters.toLocaleString(language, {
    notation: 'compact',
    compactDisplay: 'long',
    maximumSignificantDigits: 3,
  });
  return [
    phrase('{0}: {1}.', kindWords(about, languageName), sizeWords(parameters, layersOf(outline))),
    runWords(outline),
  ];
}

/** A model and what it does. */
function kindWords(about: ModelAbout, languageName: (tag: string) => string): Phrase {
  const { task, languages } = about;
  const name = familyName(about);
  switch (task) {
    case 'translate':
      return languages === undefined
        ? named(name, phrase('A model that translates'), (of) =>
            phrase('A {0} model that translates', of),
          )
        : named(
            name,
            phrase(
              'A model that translates {0} into {1}',
              languageName(languages.source),
              languageName(languages.target),
            ),
            (of) =>
              phrase(
                'A {0} model that translates {1} into {2}',
                of,
                languageName(languages.source),
                languageName(languages.target),
              ),
          );
    case 'summarize':
      return named(name, phrase('A model that summarizes'), (of) =>
        phrase('A {0} model that summarizes', of),
      );
    case 'complete':
      return named(name, phrase('A model that continues text'), (of) =>
        phrase('A {0} model that continues text', of),
      );
    case 'fillMask':
      return named(name, phrase('A model that fills in blanks'), (of) =>
        phrase('A {0} model that fills in blanks', of),
      );
    default:
      return named(name, phrase('A model'), (of) => phrase('A {0} model', of));
  }
}

function named(
  name: string | undefined,
  without: Phrase,
  withName: (name: string) => Phrase,
): Phrase {
  return name === undefined ? without : withName(name);
}

/** Endings of class names of `transformers` that tell the task and not the family. */
const ENDING = /(MTModel|LMHeadModel|For[A-Z]\w+|Model)$/;

/** The family as its makers write it: `Llama`, `GPT2`, `Marian`. */
function familyName({ family, className }: ModelAbout): string | undefined {
  const [, name] = /^(\w+)$/.exec(className?.replace(ENDING, '') ?? '') ?? [];
  // What emphasis is made of has no place in a name.
  return name ?? family?.replaceAll('*', '');
}

function sizeWords(parameters: string, { encoder, decoder, crossing }: LayerCounts): Phrase {
  if (encoder > 0 && decoder > 0) {
    return phrase(
      '**{0} parameters** in an encoder of {1} layers and a decoder of {2}',
      parameters,
      encoder,
      decoder,
    );
  }
  if (crossing > 0) {
    return phrase(
      '**{0} parameters** in a decoder of {1} layers, which looks at an encoder’s states',
      parameters,
      Math.max(decoder, crossing),
    );
  }
  return encoder + decoder > 0
    ? phrase('**{0} parameters** in {1} layers', parameters, encoder + decoder)
    : phrase('**{0} parameters**', parameters);
}

function runWords({ size, compatibility: { problems, refused } }: ModelOutline): Phrase {
  const [problem] = problems;
  const memory = byteSize(size.memory);
  if (problem !== undefined) {
    return problem.kind === 'weights'
      ? phrase('It **does not run**: {0}.', problem.lack.what)
      : phrase('It **does not run** in the bundled runtime: {0}.', problemWords(problem));
  }
  return refused === undefined
    ? phrase('It needs at least **{0}** of memory, and the bundled runtime can run it.', memory)
    : phrase('Headlight **does not run it**: {0}.', refused.what);
}
