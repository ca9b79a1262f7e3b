import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type { PanelNotice, Remedy } from '../../src/shared/attentionPanel';
import { Button } from '../ui/toolkit';
import { useActions } from './context';
import './notice.css';

/** A box above the trace that says what has come up, with buttons for what helps. */
export function Notice({ kind, message, remedies }: PanelNotice): VNode {
  const { host, act } = useActions();
  const actions: Record<Remedy, { label: string; run: () => Promise<void> }> = {
    retry: { label: l10n.t('Try Again'), run: host.retry },
    traceAgain: { label: l10n.t('Trace Again'), run: host.retry },
    chooseModel: { label: l10n.t('Choose Model'), run: host.chooseModel },
  };
  const isFailure = kind === 'failure';
  return (
    <section class={isFailure ? 'failure' : 'remark-box'} role={isFailure ? 'alert' : 'status'}>
      <p>{message}</p>
      <div class="remark-buttons">
        {remedies.map((remedy, index) => (
          <Button
            key={remedy}
            appearance={index === 0 ? 'primary' : 'secondary'}
            onClick={() => act(actions[remedy].run())}
          >
            {actions[remedy].label}
          </Button>
        ))}
      </div>
    </section>
  );
}
