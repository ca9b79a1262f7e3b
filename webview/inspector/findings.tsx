import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import './findings.css';
import type { InspectorHost, ShownFinding, ShownReport } from '../../src/shared/inspector';
import type { Remote } from '../../src/shared/rpc';
import { FailureMessage } from '../ui/failureMessage';
import { ProgressRing } from '../ui/toolkit';
import { useRequest } from '../ui/useRequest';

/** What whoever ships the model should know. It is asked for, since it reads all weights. */
export function Findings({ host }: { host: Remote<InspectorHost> }): VNode {
  const [isAsked, setAsked] = useState(false);
  const { value, failure, isBusy, again } = useRequest(isAsked ? () => host.check() : undefined, [
    isAsked,
  ]);
  return (
    <section class="section findings" aria-labelledby="findings-title">
      <h2 id="findings-title">
        {value === undefined ? l10n.t('Check') : countWords(value.findings.length)}
        {value !== undefined && (
          <span class="quiet">
            {' · '}
            {value.passed === 1
              ? l10n.t('1 rule passed')
              : l10n.t('{0} rules passed', value.passed)}
          </span>
        )}
      </h2>
      {!isAsked && (
        <p>
          <button type="button" class="link" onClick={() => setAsked(true)}>
            {l10n.t('Check the model')}
          </button>{' '}
          <span class="quiet">
            {l10n.t('Looks for what is missing, broken or contradictory. Reads all weights.')}
          </span>
        </p>
      )}
      {isBusy && (
        <p class="checking" role="status">
          <ProgressRing /> {l10n.t('Checking…')}{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              void host.stopCheck();
              setAsked(false);
            }}
          >
            {l10n.t('Stop')}
          </button>
        </p>
      )}
      {failure !== undefined && <FailureMessage error={failure} onRetry={again} />}
      {value !== undefined && <Report report={value} />}
    </section>
  );
}

function Report({ report: { findings, more, skipped } }: { report: ShownReport }): VNode {
  return (
    <ul>
      {findings.map((finding, index) => (
        <FindingLine key={index} finding={finding} />
      ))}
      {more.map(({ rule, count }) => (
        <li key={rule}>
          <span />
          <p class="quiet">{l10n.t('{0} more of {1}', count, rule)}</p>
        </li>
      ))}
      {skipped.map(({ rule, reason }) => (
        <li key={rule} class="skipped">
          <span class="severity" aria-hidden="true" />
          <div>
            <p class="quiet">{reason}</p>
            <p class="where quiet">{rule}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function FindingLine({
  finding: { severity, message, remedy, rule, where },
}: {
  finding: ShownFinding;
}): VNode {
  return (
    <li class={severity}>
      <span class="severity" aria-hidden="true" />
      <div>
        <p>
          <b>{severityWords(severity)}</b> {message}
        </p>
        <p class="quiet">{remedy}</p>
        <p class="where quiet">{[rule, ...where].join(' · ')}</p>
      </div>
    </li>
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

function countWords(count: number): string {
  switch (count) {
    case 0:
      return l10n.t('No findings');
    case 1:
      return l10n.t('1 finding');
    default:
      return l10n.t('{0} findings', count);
  }
}
