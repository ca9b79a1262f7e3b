import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type { InspectorState, RemoteInspector } from '../../src/shared/inspector';
import { FailureMessage, FailureNotice } from '../ui/failureMessage';
import { useHostState, type HostState } from '../ui/hostState';
import { ProgressRing } from '../ui/toolkit';
import type { Memory } from './memory';
import { ModelPage } from './modelPage';
import { SeveralModels } from './severalModels';
import { WeightsPage } from './weightsPage';

export interface InspectorProps {
  host: RemoteInspector;
  /** What the host tells unasked. */
  told: HostState<InspectorState>;
  /** What the workbench keeps while the page is gone. */
  memory: Memory;
}

/** The whole view: one of four states, as the host says. */
export function Inspector({ host, told, memory }: InspectorProps): VNode {
  const { state, first } = useHostState(host, told);
  switch (state?.kind) {
    case undefined:
      return first.failure === undefined ? (
        <Reading />
      ) : (
        <FailureMessage error={first.failure} onRetry={first.again} />
      );
    case 'reading':
      return <Reading />;
    case 'failed':
      return (
        <section class="failed">
          <h1>{l10n.t('This cannot be inspected')}</h1>
          <FailureNotice message={state.message} onRetry={() => void host.again()} />
        </section>
      );
    case 'several':
      return <SeveralModels {...state} onOpen={(file) => void host.openModel({ file })} />;
    case 'model':
      return <ModelPage model={state.model} host={host} memory={memory} />;
    case 'weights':
      return <WeightsPage weights={state.weights} host={host} memory={memory} />;
  }
}

function Reading(): VNode {
  return (
    <section class="reading" role="status">
      <ProgressRing />
      <p>{l10n.t('Reading the model…')}</p>
    </section>
  );
}
