import { Failure, phrase, type Phrase } from '../shared/failure';

const REPORT = phrase('try again; when it happens again, report this line');
const GIVE = phrase('give a text');

/** What helps in an editor, which has windows, selections and a log, and what does so in a shell. */
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

/** A failure with advice that can be followed in a shell. */
export function withShellAdvice(failure: Failure): Failure {
  const todo = IN_SHELL.get(failure.todo.text);
  return todo === undefined ? failure : new Failure({ ...failure.data, todo }, { cause: failure });
}
