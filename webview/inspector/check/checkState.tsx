import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import './check.css';
import type { ShownReport } from '../../../src/shared/inspector';
import { FailureMessage } from '../../ui/failureMessage';
import { Working } from '../../ui/working';
import type { Check } from './useCheck';

/**
 * How the check of a model stands: what it found as a heading, and what asks for it, ends it or asks again.
 * @param titleId of the heading, so that the section around it can be named by it.
 */
export function CheckState({ check, titleId }: { check: Check; titleId: string }): VNode {
  const { value, failure, isBusy, isAsked, progress } = check;
  const title = useRef<HTMLHeadingElement>(null);
  const wasPressed = useRef(false);
  const press = (act: () => void) => () => {
    wasPressed.current = true;
    act();
  };
  // The pressed button is gone: go on from what stands in its place.
  useLayoutEffect(() => {
    if (wasPressed.current) {
      wasPressed.current = false;
      title.current?.focus({ preventScroll: true });
    }
  }, [isBusy]);
  return (
    <>
      <h2 id={titleId} ref={title} tabIndex={-1}>
        <span role="status">
          {value === undefined ? l10n.t('Check') : <Outcome report={value} />}
        </span>
      </h2>
      {isBusy ? (
        <Working
          words={l10n.t('Reading the weights…')}
          share={progress === undefined ? undefined : progress.read / Math.max(1, progress.bytes)}
          onStop={press(check.stop)}
        />
      ) : failure !== undefined ? (
        <FailureMessage error={failure} onRetry={check.again} />
      ) : (
        <p>
          <button type="button" class="link" onClick={press(isAsked ? check.again : check.ask)}>
            {isAsked ? l10n.t('Check again') : l10n.t('Check the model')}
          </button>{' '}
          {!isAsked && (
            <span class="quiet">
              {l10n.t('Looks for what is missing, broken or contradictory. Reads all weights.')}
            </span>
          )}
        </p>
      )}
    </>
  );
}

function Outcome({ report: { findings, passed } }: { report: ShownReport }): VNode {
  return (
    <>
      {countWords(findings.length)}
      <span class="quiet">
        {' · '}
        {passed.length === 1 ? l10n.t('1 rule passed') : l10n.t('{0} rules passed', passed.length)}
      </span>
    </>
  );
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
