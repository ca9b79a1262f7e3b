import { Failure, phrase, type Phrase } from '../shared/failure';

const REPORT = phrase('try again; when it happens again, report this line');
const GIVE = phrase('give a text');

/** Advice for the editor, which has windows, selections and a log, and the same for a shell. */
const IN_SHELL: ReadonlyMap<string, Phrase> = new Map([
  ['reload the window; if it happens again, report it with the log', REPORT],
  ['try again; if it happens again, report it with the log', REPORT],
  [
    'use another file of the model; if none runs, report it with the log',
    phrase('use another file of the model; if none runs, report this line'),
  ],
  ['select some text first', GIVE],
  ['select or type some text first', GIVE],
]);

/** Options that take the place of settings. */
const OPTIONS: ReadonlyMap<string | undefined, string> = new Map([
  ['headlight.translate.source', '--source'],
  ['headlight.translate.target', '--target; of trace, --target-language'],
]);

/** A failure with its advice and places in the words of a shell. */
export function withShellAdvice(failure: Failure): Failure {
  const remedy = IN_SHELL.get(failure.remedy.text);
  const where = OPTIONS.get(failure.where);
  return remedy === undefined && where === undefined
    ? failure
    : new Failure(
        { ...failure.data, ...(remedy && { remedy }), ...(where !== undefined && { where }) },
        { cause: failure },
      );
}
