import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type { InspectedModel, InspectorHost } from '../../src/shared/inspector';
import type { Remote } from '../../src/shared/rpc';

/** The name of a model, its files, and what can be done with all of it. */
export function ModelHeader({
  model: { name, files },
  host,
}: {
  model: InspectedModel;
  host: Remote<InspectorHost>;
}): VNode {
  return (
    <header class="model-header">
      <h1>{name}</h1>
      <p class="quiet">{files.join(', ')}</p>
      <div class="actions">
        <button type="button" class="link" onClick={() => void host.copyMarkdown()}>
          {l10n.t('Copy as Markdown')}
        </button>
      </div>
    </header>
  );
}
