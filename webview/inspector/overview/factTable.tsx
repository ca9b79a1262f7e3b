import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { shownName } from '../shownName';
import type { Fact, InspectedWeights } from '../../../src/shared/inspector';

/** What is known of a model or of weights, line by line, in groups. */
export function FactTable({
  about,
  onOpenCard,
}: {
  about: InspectedWeights;
  onOpenCard: () => void;
}): VNode {
  return (
    <aside class="facts">
      {about.facts.map((group, index) => (
        <dl key={index}>
          {group.map((fact, line) => (
            <FactLine key={line} fact={fact} about={about} onOpenCard={onOpenCard} />
          ))}
        </dl>
      ))}
    </aside>
  );
}

function FactLine({
  fact: { label, value, aside, below, isProblem = false },
  about: { dtypes, hasCard },
  onOpenCard,
}: {
  fact: Fact;
  about: InspectedWeights;
  onOpenCard: () => void;
}): VNode {
  return (
    <>
      <dt>{shownName(label)}</dt>
      <dd class={isProblem ? 'problem' : undefined}>
        {shownName(value)}
        {aside !== undefined && <span class="quiet"> ({aside})</span>}
        {below === 'dtypes' && (
          <div class="shares" aria-hidden="true">
            {dtypes.map(({ dtype, share }) => (
              <span key={dtype} style={{ flexGrow: share }} />
            ))}
          </div>
        )}
        {below === 'card' && hasCard && (
          <span class="action">
            {' · '}
            <button type="button" class="link" onClick={onOpenCard}>
              {l10n.t('model card')}
            </button>
          </span>
        )}
      </dd>
    </>
  );
}
