import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import './cost.css';
import type { RemoteInspector } from '../../../src/shared/inspector';
import { FailureMessage } from '../../ui/failureMessage';
import { ProgressRing } from '../../ui/toolkit';
import { useRequest } from '../../ui/useRequest';
import { CostExplorer } from './costExplorer';

/**
 * What a model takes to run, once the engine has counted it.
 * @param memory bytes of its weights once the bundled runtime has loaded them
 */
export function CostSection({
  host,
  memory,
  reading,
}: {
  host: RemoteInspector;
  memory: number;
  reading: number;
}): VNode {
  const {
    value: cost,
    failure,
    isBusy,
    again,
  } = useRequest((options) => host.cost(undefined, options), [host, reading]);
  return (
    <section class="section cost" aria-labelledby="cost-title">
      <h2 id="cost-title">{l10n.t('What it costs to run')}</h2>
      {failure !== undefined ? (
        <FailureMessage error={failure} onRetry={again} />
      ) : isBusy ? (
        <ProgressRing />
      ) : cost === undefined || cost.graphs.every(({ operations }) => operations.length === 0) ? (
        <p class="quiet">{l10n.t('The graph has no products of matrices that can be counted.')}</p>
      ) : (
        <CostExplorer cost={cost} memory={memory} />
      )}
    </section>
  );
}
