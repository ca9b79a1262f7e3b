import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import './weights.css';
import { byteSize } from '../../../src/shared/byteSize';
import type { InspectorHost } from '../../../src/shared/inspector';
import type { Remote } from '../../../src/shared/rpc';
import type { StoredTensor } from '../../../src/shared/tensorListing';
import { Choices } from '../../ui/choices';
import { FailureMessage } from '../../ui/failureMessage';
import { ProgressRing } from '../../ui/toolkit';
import { useRequest } from '../../ui/useRequest';
import { figure } from '../figure';
import { Lead } from '../lead';
import { TensorDetail } from './tensorDetail';
import { keyOf, openAtFirst, tensorRows, type TensorOrder } from './tensorRows';
import { TensorTable } from './tensorTable';

/** Every tensor of a model in a table, and one of them in detail. */
export function WeightsTab({ host }: { host: Remote<InspectorHost> }): VNode {
  const { value: tensors, failure, again } = useRequest(() => host.tensors(), [host]);
  if (failure !== undefined) {
    return <FailureMessage error={failure} onRetry={again} />;
  }
  return tensors === undefined ? (
    <div class="weights-waiting">
      <ProgressRing />
    </div>
  ) : (
    <Weights tensors={tensors} host={host} />
  );
}

function Weights({
  tensors,
  host,
}: {
  tensors: readonly StoredTensor[];
  host: Remote<InspectorHost>;
}): VNode {
  const [order, setOrder] = useState<TensorOrder>('tree');
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState(() => openAtFirst(tensors));
  const [chosen, setChosen] = useState<StoredTensor>();
  const rows = useMemo(
    () => tensorRows(tensors, order, search.trim(), open),
    [tensors, order, search, open],
  );
  const toggle = (group: string): void =>
    setOpen((before) =>
      before.has(group)
        ? new Set([...before].filter((one) => one !== group))
        : new Set([...before, group]),
    );
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  return (
    <div class="weights">
      <Lead
        sentences={[
          l10n.t('**{0} tensors, {1}.**', figure(tensors.length), byteSize(bytes)),
          largestWords(tensors),
        ]}
      />
      <div class="weights-parts">
        <section class="weights-list">
          <div class="weights-bar">
            <input
              type="search"
              class="search"
              placeholder={l10n.t('Name, shape or type')}
              aria-label={l10n.t('Search tensors by name, shape or type')}
              value={search}
              onInput={({ currentTarget }) => setSearch(currentTarget.value)}
            />
            <Choices
              label={l10n.t('Order of the tensors')}
              choices={[
                { value: 'tree', label: l10n.t('By module') },
                { value: 'size', label: l10n.t('Largest first') },
                { value: 'name', label: l10n.t('By name') },
              ]}
              chosen={order}
              onChoose={setOrder}
            />
          </div>
          {rows.length === 0 ? (
            <p class="quiet">{l10n.t('No tensor has that in its name, shape or type.')}</p>
          ) : (
            <TensorTable
              rows={rows}
              largest={tensors.reduce((most, tensor) => Math.max(most, tensor.bytes), 1)}
              chosen={chosen}
              host={host}
              onChoose={setChosen}
              onToggle={toggle}
            />
          )}
        </section>
        <section class="weights-detail" aria-label={l10n.t('The chosen tensor')}>
          {chosen === undefined ? (
            <p class="quiet">{l10n.t('Choose a tensor to see its numbers.')}</p>
          ) : (
            <TensorDetail key={keyOf(chosen)} tensor={chosen} host={host} />
          )}
        </section>
      </div>
    </div>
  );
}

/** What takes the most room. */
function largestWords(tensors: readonly StoredTensor[]): string {
  const [largest] = [...tensors].sort((one, other) => other.bytes - one.bytes);
  return largest === undefined
    ? ''
    : l10n.t(
        'The largest is {0} with {1}.',
        // What emphasis is made of has no place in a name.
        (largest.parameters[0] ?? largest.name).replaceAll('*', ''),
        byteSize(largest.bytes),
      );
}
