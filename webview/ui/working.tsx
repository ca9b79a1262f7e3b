import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import './working.css';
import { ProgressRing } from './toolkit';

export interface WorkingProps {
  /** What goes on: a short sentence. */
  words: string;
  /** How much of it is done, from 0 to 1; undefined while nothing tells. */
  share: number | undefined;
  /** The user ends it. */
  onStop: () => void;
}

/** Long work that goes on: what it is, how far it is, and what ends it. */
export function Working({ words, share, onStop }: WorkingProps): VNode {
  return (
    <p class="working">
      <ProgressRing />
      <span role="status">{words}</span>
      {share !== undefined && (
        <span class="quiet">
          {share.toLocaleString(document.documentElement.lang || 'en', {
            style: 'percent',
            maximumFractionDigits: 0,
          })}
        </span>
      )}
      <button type="button" class="link" onClick={onStop}>
        {l10n.t('Stop')}
      </button>
    </p>
  );
}
