import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { RemoteInspector } from '../../src/shared/inspector';
import { FailureMessage } from '../ui/failureMessage';

/** The name of a model, its files, and what can be done with all of it. */
export function PageHeader({
  name,
  files,
  host,
}: {
  name: string;
  files: readonly string[];
  host: RemoteInspector;
}): VNode {
  const [outcome, setOutcome] = useState<{ failure?: unknown }>();
  const copy = async (): Promise<void> => {
    setOutcome(undefined);
    try {
      await host.copyMarkdown();
      setOutcome({});
    } catch (failure) {
      setOutcome({ failure });
    }
  };
  return (
    <header class="model-header">
      <h1>{name}</h1>
      <p class="quiet">{files.join(', ')}</p>
      <div class="actions">
        <span class="quiet" role="status">
          {outcome !== undefined && outcome.failure === undefined && l10n.t('Copied')}
        </span>
        <button type="button" class="link" onClick={() => void copy()}>
          {l10n.t('Copy as Markdown')}
        </button>
      </div>
      {outcome?.failure !== undefined && <FailureMessage error={outcome.failure} />}
    </header>
  );
}
