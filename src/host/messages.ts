import * as vscode from 'vscode';
import type { Truncation } from '../shared/attention';
import type { ExplainedSentence } from '../shared/attentionPanel';
import { asFailure, type Failure, type FailureData, type Phrase } from '../shared/failure';
import type { Sentence } from '../wording/sentence';
import { Cancelled } from './engine/engineClient';
import { escapeForMessage } from './escapeText';

/** A phrase in the user's language. */
export function translate({ text, args }: Phrase): string {
  return vscode.l10n.t(
    text,
    ...args.map((arg) => (typeof arg === 'object' ? translate(arg) : arg)),
  );
}

/** A sentence with its meaning, in the user's language. */
export function translateSentence({ text, meaning }: Sentence): ExplainedSentence {
  return { text: translate(text), meaning: translate(meaning) };
}

/** A failure whose words are in the user's language, for a view, which shows them as they are. */
export function translateFailure({ kind, what, where, remedy }: FailureData): FailureData {
  return {
    kind,
    what: { text: translate(what), args: [] },
    ...(where === undefined ? {} : { where }),
    remedy: { text: translate(remedy), args: [] },
  };
}

/** A failure as one sentence: what is wrong, where, and what to do. */
export function explain({ what, where, remedy }: FailureData): string {
  return escapeForMessage(
    where === undefined
      ? vscode.l10n.t('{0}: {1}.', translate(what), translate(remedy))
      : vscode.l10n.t('{0} ({1}): {2}.', translate(what), where, translate(remedy)),
  );
}

/** Says how much of a text was used when not all of it fitted. */
export function describeTruncation({ used, total, kept }: Truncation): string {
  switch (kept) {
    case 'start':
      return vscode.l10n.t(
        'The text is too long: only its first {0} of {1} tokens were used.',
        used,
        total,
      );
    case 'middle':
      return vscode.l10n.t(
        'The text is too long: only {0} of its {1} tokens, those around the blank, were used.',
        used,
        total,
      );
    case 'end':
      return vscode.l10n.t(
        'The text is too long: only its last {0} of {1} tokens were used.',
        used,
        total,
      );
  }
}

/**
 * Tells the user of an error, with a way to the log; a cancelled call is not worth a word. Does not
 * wait until the message is read.
 * @param message makes the message of the sentence that explains the error.
 */
export function showError(
  error: unknown,
  log: vscode.LogOutputChannel,
  message = (reason: string): string => reason,
): void {
  if (error instanceof Cancelled) {
    return;
  }
  const failure = asFailure(error);
  logFailure(failure, log);
  const showLog = vscode.l10n.t('Show Log');
  void vscode.window.showErrorMessage(message(explain(failure)), showLog).then((choice) => {
    if (choice === showLog) {
      log.show(true);
    }
  });
}

/**
 * Writes a failure to the log, with the error that caused it if it was an unexpected one.
 */
export function logFailure(
  { message, cause }: Failure,
  log: Pick<vscode.LogOutputChannel, 'error'>,
): void {
  log.error(message, ...(cause === undefined ? [] : [cause]));
}
