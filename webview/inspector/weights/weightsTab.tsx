import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import './weights.css';
import { byteSize } from '../../../src/shared/byteSize';
import type { RemoteInspector } from '../../../src/shared/inspector';
import type { StoredTensor } from '../../../src/shared/tensorListing';
import { Choices } from '../../ui/choices';
import { FailureMessage } from '../../ui/failureMessage';
import { ProgressRing } from '../../ui/toolkit';
import { useRequest } from '../../ui/useRequest';
import { figure } from '../figure';
import { Lead } from '../lead';
import { shownName } from '../shownName';
import type { Memory } from '../memory';
import type { Place } from '../place';
import { TensorDetail } from './tensorDetail';
import { groupOf, keyOf, openAtFirst, tensorRows, type TensorOrder } from './tensorRows';
import { TensorTable } from './tensorTable';
import { parseLeft } from './weightsLeft';

export interface WeightsTabProps {
  host: RemoteInspector;
  memory: Memory;
  /** A tensor to choose. */
  place: Place | undefined;
}

/** Every tensor of a model in a table, and one of them in detail. */
export function WeightsTab({ host, memory, place }: WeightsTabProps): VNode {
  const {
    value: tensors,
    failure,
    again,
  } = useRequest((options) => host.tensors(undefined, options), [host]);
  if (failure !== undefined) {
    return <FailureMessage error={failure} onRetry={again} />;
  }
  return tensors === undefined ? (
    <div class="weights-waiting">
      <ProgressRing />
    </div>
  ) : (
    <Weights tensors={tensors} host={host} memory={memory} place={place} />
  );
}

function Weights({
  tensors,
  host,
  memory,
  place,
}: WeightsTabProps & { tensors: readonly StoredTensor[] }): VNode {
  const [left] = useState(() => parseLeft(memory.of('weights')));
  const [order, setOrder] = useState<TensorOrder>(left.order);
  const [search, setSearch] = useState(left.search);
  const [open, setOpen] = useState(left.open ?? openAtFirst(tensors));
  const [chosen, setChosen] = useState(() => tensors.find((one) => keyOf(one) === left.chosen));
  useLayoutEffect(
    () =>
      memory.keep('weights', {
        ...{ order, search, open: [...open] },
        ...(chosen === undefined ? {} : { chosen: keyOf(chosen) }),
      }),
    [memory, order, search, open, chosen],
  );
  useLayoutEffect(() => {
    const wanted = tensors.find(({ file, name }) => file === place?.file && name === place.tensor);
    if (wanted !== undefined) {
      setSearch('');
      setOpen((before) => new Set([...before, groupOf(wanted)]));
      setChosen(wanted);
    }
  }, [tensors, place]);
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
        shownName(largest.parameters[0] ?? largest.name).replaceAll('*', ''),
        byteSize(largest.bytes),
      );
}
