import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { TraceCheck } from '../../src/shared/attentionPanel';
import type { Verdict } from '../../src/shared/verification';
import { Explanation, useExplanationId } from '../ui/explanation';
import { ProgressRing } from '../ui/toolkit';
import { WholeNumbers } from '../ui/wholeNumbers';
import { useActions } from './context';
import { ExplainedSentences } from './explainedSentences';

type Done = Extract<TraceCheck, { kind: 'done' }>;

/** How the badge looks. */
const CLASSES: Record<Verdict, string> = {
  matches: 'agrees',
  rounded: 'rounded',
  unclear: 'differs',
  differs: 'differs',
};

/**
 * Whether the reference Transformer computes the same as the runtime: a button that asks, and then
 * is the badge with the answer, which opens the table of the layers.
 */
export function ReferenceCheck({ check }: { check: TraceCheck | undefined }): VNode {
  const { host, act } = useActions();
  const [isOpen, setIsOpen] = useState(false);
  const done = check?.kind === 'done' ? check : undefined;
  const isRunning = check?.kind === 'running';
  const stop = (): void => act(host.stopChecking());
  const press = (): void => {
    if (isRunning) {
      stop();
    } else if (done) {
      setIsOpen(!isOpen);
    } else {
      setIsOpen(false);
      act(host.verify());
    }
  };
  // One button for all states, so that the keyboard's focus stays on it.
  return (
    <div class="check" onKeyDown={({ key }) => key === 'Escape' && isRunning && stop()}>
      <div class="check-line">
        <button
          type="button"
          class={done ? `check-button ${CLASSES[done.verdict]}` : 'check-button'}
          title={titleOf(check)}
          aria-expanded={done && isOpen}
          aria-controls={done && 'check-details'}
          onClick={press}
        >
          {isRunning ? l10n.t('Stop') : (done?.badge ?? l10n.t('Verify'))}
        </button>
        <span class="check-status quiet" role="status">
          {isRunning && (
            <>
              <ProgressRing />
              {check.label}
            </>
          )}
          {check?.kind === 'failed' && check.message}
        </span>
      </div>
      <div class="check-details" id="check-details">
        {done && isOpen && <Details check={done} />}
      </div>
    </div>
  );
}

/** What the button says when it is pointed at. */
function titleOf(check: TraceCheck | undefined): string {
  switch (check?.kind) {
    case undefined:
      return l10n.t(
        'Compute the same with the reference Transformer, and compare all attention and the logits',
      );
    case 'done':
      return check.explanation.map(({ text }) => text).join(' ');
    case 'running':
    case 'failed':
      return '';
  }
}

/** The verdict, what was compared and what was not, and then the table of all parts. */
function Details({ check: { explanation, title, columns, rows } }: { check: Done }): VNode {
  return (
    <>
      {explanation.map((sentence) => (
        <p key={sentence.text} class="quiet">
          <ExplainedSentences sentences={[sentence]} />
        </p>
      ))}
      <div class="check-layers">
        <table class="check-table">
          <caption class="quiet">{title}</caption>
          <thead>
            <tr>
              {[columns.part, columns.value, columns.limit].map((text) => (
                <th key={text} class="quiet" scope="col">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.name} {...row} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Row({ name, value, limit, meaning }: Done['rows'][number]): VNode {
  const id = useExplanationId();
  const row = useRef<HTMLTableRowElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <tr ref={row}>
      <th scope="row">
        <button ref={button} class="figure-name" type="button" aria-describedby={id}>
          <code>{name}</code>
        </button>
        <Explanation id={id} anchor={row} focusable={button} text={meaning} />
      </th>
      <td class="check-value">
        <WholeNumbers text={value} />
      </td>
      <td class="quiet">
        <WholeNumbers text={limit} />
      </td>
    </tr>
  );
}
