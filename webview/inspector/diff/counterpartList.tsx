import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Counterpart, RemoteInspector } from '../../../src/shared/inspector';
import { FailureMessage } from '../../ui/failureMessage';
import { useRequest } from '../../ui/useRequest';
import { shownName } from '../shownName';

/** What a model can be compared with: what lies near it, and whatever else somebody chooses. */
export function CounterpartList({
  host,
  name,
  onChoose,
}: {
  host: RemoteInspector;
  name: string;
  onChoose: (counterpart: Counterpart) => void;
}): VNode {
  const nearby = useRequest((options) => host.counterparts(undefined, options), []);
  const [failure, setFailure] = useState<unknown>();
  const browse = async (): Promise<void> => {
    setFailure(undefined);
    try {
      const chosen = await host.chooseCounterpart();
      if (chosen !== undefined) {
        onChoose(chosen);
      }
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <section class="diff counterparts" aria-labelledby="counterparts-title">
      <p class="lead">{l10n.t('Still the same model?')}</p>
      <p class="explanation">
        {l10n.t(
          'Compares {0} with another form of it: what both make of a text, then their numbers, then their graphs. Reads all weights of both.',
          shownName(name),
        )}
      </p>
      <h2 id="counterparts-title">{l10n.t('Compare with')}</h2>
      <ul class="model-list">
        {(nearby.value ?? []).map((counterpart) => (
          <li key={counterpart.id}>
            <button type="button" class="link" onClick={() => onChoose(counterpart)}>
              {shownName(counterpart.name)}
            </button>
            <span class="quiet">{counterpart.description}</span>
          </li>
        ))}
        <li>
          <button type="button" class="link" onClick={() => void browse()}>
            {l10n.t('Another Model…')}
          </button>
        </li>
      </ul>
      {failure !== undefined && <FailureMessage error={failure} />}
      {nearby.failure !== undefined && (
        <FailureMessage error={nearby.failure} onRetry={nearby.again} />
      )}
    </section>
  );
}
