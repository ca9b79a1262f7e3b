import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { Button, ProgressRing } from '../ui/toolkit';

/** The view before the first trace. */
export function EmptyMessage({ onTrace }: { onTrace: () => void }): VNode {
  return (
    <section class="message">
      <h1>{l10n.t('See what the model attends to')}</h1>
      <p class="quiet">{l10n.t('Select a sentence in the editor, then trace it.')}</p>
      <Button appearance="primary" onClick={onTrace}>
        {l10n.t('Trace Attention')}
      </Button>
    </section>
  );
}

/** The view while a trace is being made. */
export function TracingMessage({ label }: { label: string }): VNode {
  return (
    <section class="message tracing" role="status">
      <ProgressRing />
      <p>{label}</p>
    </section>
  );
}
