import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type { Place } from '../place';
import { CheckState } from './checkState';
import { FindingList } from './findingList';
import type { Check } from './useCheck';

/** All that a check says: its findings, and the rules that found nothing or could not be asked. */
export function CheckTab({
  check,
  onShow,
}: {
  check: Check;
  onShow: (place: Place) => void;
}): VNode {
  const report = check.value;
  return (
    <section class="findings check-tab" aria-labelledby="check-title">
      <CheckState check={check} titleId="check-title" />
      {report !== undefined && (
        <>
          <FindingList findings={report.findings} onShow={onShow} />
          {report.more.length > 0 && (
            <ul>
              {report.more.map(({ rule, count }) => (
                <li key={rule}>
                  <span />
                  <p class="quiet">{l10n.t('{0} more of {1}', count, rule)}</p>
                </li>
              ))}
            </ul>
          )}
          {report.skipped.length > 0 && (
            <>
              <h3>{l10n.t('Not asked')}</h3>
              <ul>
                {report.skipped.map(({ rule, reason }) => (
                  <li key={rule} class="skipped">
                    <span class="severity" aria-hidden="true" />
                    <div>
                      <p class="quiet">{reason}</p>
                      <p class="where quiet">{rule}</p>
                    </div>
                  </li>
                ))}
              </ul>
            </>
          )}
          {report.passed.length > 0 && (
            <>
              <h3>{l10n.t('Nothing found')}</h3>
              <p class="where quiet passed">{report.passed.join(' · ')}</p>
            </>
          )}
        </>
      )}
    </section>
  );
}
