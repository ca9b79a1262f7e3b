import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type { Fact, InspectedModel } from '../../../src/shared/inspector';

/** What is known of a model, line by line, in groups. */
export function FactTable({
  model,
  onOpenCard,
}: {
  model: InspectedModel;
  onOpenCard: () => void;
}): VNode {
  return (
    <aside class="facts">
      {model.facts.map((group, index) => (
        <dl key={index}>
          {group.map((fact, line) => (
            <FactLine key={line} fact={fact} model={model} onOpenCard={onOpenCard} />
          ))}
        </dl>
      ))}
    </aside>
  );
}

function FactLine({
  fact: { label, value, aside, below, isProblem = false },
  model: { dtypes, hasCard },
  onOpenCard,
}: {
  fact: Fact;
  model: InspectedModel;
  onOpenCard: () => void;
}): VNode {
  return (
    <>
      <dt>{label}</dt>
      <dd class={isProblem ? 'problem' : undefined}>
        {value}
        {aside !== undefined && <span class="quiet"> ({aside})</span>}
        {below === 'dtypes' && (
          <div class="shares" aria-hidden="true">
            {dtypes.map(({ dtype, share }) => (
              <span key={dtype} style={{ flexGrow: share }} />
            ))}
          </div>
        )}
        {below === 'card' && hasCard && (
          <>
            {' · '}
            <button type="button" class="link" onClick={onOpenCard}>
              {l10n.t('model card')}
            </button>
          </>
        )}
      </dd>
    </>
  );
}
