import * as l10n from '@vscode/l10n';
import { asFailure, type Phrase } from '../../src/shared/failure';

/** A phrase in the user's language. One that comes from the host is translated already. */
export function translate({ text, args }: Phrase): string {
  return l10n.t(text, ...args.map((arg) => (typeof arg === 'object' ? translate(arg) : arg)));
}

/** Anything that a call can fail with as a sentence: what is wrong, where, and what to do. */
export function explain(error: unknown): string {
  const { what, where, remedy } = asFailure(error);
  return where === undefined
    ? l10n.t('{0}: {1}.', translate(what), translate(remedy))
    : l10n.t('{0} ({1}): {2}.', translate(what), where, translate(remedy));
}
