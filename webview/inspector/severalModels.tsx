import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type { ModelFile, UnreadPart } from '../../src/shared/inspector';

export interface SeveralModelsProps {
  models: readonly ModelFile[];
  unread: readonly UnreadPart[];
  /** The user chooses a file, by its path. */
  onOpen: (file: string) => void;
}

/** A folder of files that nothing says to be of one model: each can be opened by itself. */
export function SeveralModels({ models, unread, onOpen }: SeveralModelsProps): VNode {
  return (
    <div class="several">
      <h1 class="lead">
        {models.length === 0
          ? l10n.t('None of these files can be read.')
          : l10n.t('Nothing here says that these files are of one model. Open one of them.')}
      </h1>
      <ul class="model-list">
        {models.map(({ file, name, description }) => (
          <li key={file}>
            <button type="button" class="link" onClick={() => onOpen(file)}>
              {name}
            </button>
            <span class="quiet">{description}</span>
          </li>
        ))}
      </ul>
      {unread.length > 0 && (
        <section>
          <h2>{l10n.t('Files that cannot be read')}</h2>
          <ul class="model-list">
            {unread.map(({ name, message }) => (
              <li key={name}>
                <span>{name}</span>
                <span class="quiet">{message}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
