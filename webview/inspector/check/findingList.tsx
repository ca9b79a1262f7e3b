import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type { ShownFinding } from '../../../src/shared/inspector';
import type { Place } from '../place';

/** Findings, each with what to do and where it is. */
export function FindingList({
  findings,
  onShow,
}: {
  findings: readonly ShownFinding[];
  onShow: (place: Place) => void;
}): VNode {
  return (
    <ul>
      {findings.map(({ severity, message, remedy, rule, where, place }, index) => (
        <li key={index} class={severity}>
          <span class="severity" aria-hidden="true" />
          <div>
            <p>
              <b>{severityWords(severity)}</b> {message}
            </p>
            <p class="quiet">{remedy}</p>
            <p class="where quiet">{[rule, ...where].join(' · ')}</p>
          </div>
          {place !== undefined && (
            <button type="button" class="link" onClick={() => onShow(place)}>
              {place.tensor === undefined ? l10n.t('Show in Graph') : l10n.t('Show in Weights')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function severityWords(severity: ShownFinding['severity']): string {
  switch (severity) {
    case 'error':
      return l10n.t('Error:');
    case 'warning':
      return l10n.t('Warning:');
    case 'note':
      return l10n.t('Note:');
  }
}
