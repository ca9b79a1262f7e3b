import type { AttentionPanelStrings } from '../../src/shared/attentionPanel';
import { asFailure, inEnglish } from '../../src/shared/failure';
import { element } from '../ui/element';
import { fill } from '../ui/sentence';
import { createButton, createProgressRing } from '../ui/toolkit';

/** The view before the first trace. */
export function emptyMessage(strings: AttentionPanelStrings, onTrace: () => void): HTMLElement {
  return element(
    'section',
    'message',
    {},
    element('h1', '', {}, strings.emptyTitle),
    element('p', 'quiet', {}, strings.emptyHint),
    createButton(strings.traceSelection, 'primary', onTrace),
  );
}

/** The view while a trace is being made. */
export function tracingMessage(label: string): HTMLElement {
  return element(
    'section',
    'message tracing',
    { role: 'status' },
    createProgressRing(),
    element('p', '', {}, label),
  );
}

/** A failure with, where it makes sense, a way to try again. */
export function failureMessage(
  message: string,
  retry?: { label: string; onRetry: () => void },
): HTMLElement {
  const box = element('section', 'failure', { role: 'alert' }, element('p', '', {}, message));
  if (retry !== undefined) {
    box.append(createButton(retry.label, 'secondary', retry.onRetry));
  }
  return box;
}

/** The words of anything that a call can fail with. Those of a failure are translated already. */
export function messageOf(error: unknown, strings: AttentionPanelStrings): string {
  const { what, where, remedy } = asFailure(error);
  return where === undefined
    ? fill(strings.failure, inEnglish(what), inEnglish(remedy))
    : fill(strings.failureAt, inEnglish(what), where, inEnglish(remedy));
}
