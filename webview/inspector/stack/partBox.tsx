import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { figure } from '../figure';
import type { BoxWords } from './stackWords';

export interface PartBoxProps {
  words: BoxWords;
  /** Absent of a part that has another one’s, or none. */
  parameters: number | undefined;
  isTied?: boolean;
  /** Parameters of the largest part of the drawing. */
  largest: number;
}

/** A part with parameters: what it is, how many they are, and a bar as long as their share. */
export function PartBox({
  words: { title, detail },
  parameters,
  isTied = false,
  largest,
}: PartBoxProps): VNode {
  return (
    <div class="part">
      <span class="part-title">{title}</span>
      <span class="part-size quiet">
        {isTied ? l10n.t('tied') : parameters !== undefined && figure(parameters)}
      </span>
      <span class="part-detail quiet">{detail}</span>
      {parameters !== undefined && (
        <span class="part-bar" style={{ width: `${(100 * parameters) / largest}%` }} />
      )}
    </div>
  );
}
