import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../../../src/shared/failure';
import type { RemoteInspector } from '../../../src/shared/inspector';
import type { BehaviourDiff } from '../../../src/shared/modelDiff';
import { explain } from '../../ui/translate';
import { DivergenceBars } from './divergenceBars';
import { MovedHeads } from './movedHeads';

/** What both models make of one text, which can be another one. */
export function Behaviour({
  behaviour,
  host,
  onRead,
}: {
  behaviour: BehaviourDiff;
  host: RemoteInspector;
  onRead: (text: string) => void;
}): VNode {
  const { text, target, attention } = behaviour;
  const [typed, setTyped] = useState(text);
  const [note, setNote] = useState<string>();
  useEffect(() => setTyped(text), [text]);
  const takeSelection = async (): Promise<void> => {
    const selected = await host.selectedText();
    setNote(selected === undefined ? l10n.t('No text is selected in an editor') : undefined);
    if (selected !== undefined) {
      onRead(selected);
    }
  };
  return (
    <section class="section behaviour" aria-labelledby="behaviour-title">
      <div class="behaviour-head">
        <h2 id="behaviour-title">{l10n.t('Behaviour')}</h2>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onRead(typed);
          }}
        >
          <input
            type="text"
            class="search"
            aria-label={l10n.t('Text that both models read')}
            value={typed}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <button type="submit" class="link" disabled={typed.trim() === '' || typed === text}>
            {l10n.t('Compare on This Text')}
          </button>
          <button type="button" class="link" onClick={() => void takeSelection()}>
            {l10n.t('Use My Selection')}
          </button>
          <span class="quiet" role="status">
            {note}
          </span>
        </form>
      </div>
      {target !== undefined && <p class="quiet">{l10n.t('The decoder reads: {0}', target)}</p>}
      <div class="behaviour-parts">
        <DivergenceBars behaviour={behaviour} />
        {'lacking' in attention ? (
          <p class="quiet">
            {l10n.t('Attention was not compared. {0}', explain(new Failure(attention.lacking)))}
          </p>
        ) : (
          attention.length > 0 && <MovedHeads layers={attention} />
        )}
      </div>
    </section>
  );
}
