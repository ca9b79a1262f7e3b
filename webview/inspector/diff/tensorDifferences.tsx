import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Failure } from '../../../src/shared/failure';
import type { DiffedTensor, TensorDiff, TensorsDiff } from '../../../src/shared/modelDiff';
import { shortFigure } from '../../../src/shared/shortFigure';
import { explain } from '../../ui/translate';
import { figure } from '../figure';
import type { Place } from '../place';
import { shownName } from '../shownName';
import { precisePercent } from './precisePercent';

/** Rows that are there at first, and at most: a page of very many is no use. */
const FIRST_ROWS = 10;
const MOST_ROWS = 1000;

/**
 * Tensors whose numbers differ, the worst first.
 * @param side which of both models is inspected, so that its tensors can be shown.
 */
export function TensorDifferences({
  tensors: { equal, different, onlyInA, onlyInB },
  side,
  onShow,
}: {
  tensors: TensorsDiff;
  side: 'a' | 'b';
  onShow: (place: Place) => void;
}): VNode {
  const [isWhole, setWhole] = useState(false);
  const shown = different.slice(0, isWhole ? MOST_ROWS : FIRST_ROWS);
  const unread = different.filter(({ found }) => found.kind === 'unread').length;
  const largest = Math.max(0, ...different.map(({ found }) => relativeOf(found)));
  return (
    <section class="section tensor-differences" aria-labelledby="tensor-differences-title">
      <h2 id="tensor-differences-title">
        {l10n.t('Tensors, worst first')}
        <span class="quiet">
          {l10n.t('{0} differ, {1} equal', figure(different.length - unread), figure(equal))}
          {unread > 0 && ` · ${l10n.t('{0} not compared', figure(unread))}`}
        </span>
      </h2>
      {shown.length > 0 && (
        <table class="figure-table">
          <thead>
            <tr class="quiet">
              <th scope="col">{l10n.t('Tensor')}</th>
              <th scope="col" class="number">
                {l10n.t('Shape')}
              </th>
              <th scope="col" class="number">
                {l10n.t('Relative error')}
              </th>
              <td />
              <th scope="col" class="number">
                {l10n.t('Signal to noise')}
              </th>
              <th scope="col" class="number">
                {l10n.t('Cosine')}
              </th>
              <th scope="col" class="number">
                {l10n.t('Largest')}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((each, index) => (
              <tr key={index}>
                <th scope="row">
                  <button
                    type="button"
                    class="link name"
                    title={l10n.t('Show in Weights')}
                    onClick={() => onShow({ file: each[side].file, tensor: each[side].tensor })}
                  >
                    {shownName(each.name)}
                  </button>
                </th>
                <Figures {...each} largest={largest} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {different.length > FIRST_ROWS && (
        <p>
          <button type="button" class="link" onClick={() => setWhole(!isWhole)}>
            {isWhole
              ? l10n.t('Only the worst {0}', FIRST_ROWS)
              : l10n.t('All {0} tensors', figure(Math.min(MOST_ROWS, different.length)))}
          </button>
        </p>
      )}
      <Alone side="A" tensors={onlyInA} />
      <Alone side="B" tensors={onlyInB} />
    </section>
  );
}

function Figures({ a, b, found, largest }: TensorDiff & { largest: number }): VNode {
  const shape = shapeOf(a);
  switch (found.kind) {
    case 'shapes':
      return <td colSpan={6}>{l10n.t('{0} in A, {1} in B', shape, shapeOf(b))}</td>;
    case 'unread':
      return <td colSpan={6}>{explain(new Failure(found.failure))}</td>;
    case 'numbers': {
      const { relative, signalToNoise, cosine, notFinite } = found;
      return (
        <>
          <td class="number">{shape}</td>
          <td class="number">{relative === undefined ? '–' : precisePercent(relative)}</td>
          <td class="error-bar" aria-hidden="true">
            <span
              style={{ width: `${largest === 0 ? 0 : (100 * relativeOf(found)) / largest}%` }}
            />
          </td>
          <td class="number">
            {signalToNoise === undefined ? '–' : l10n.t('{0} dB', signalToNoise.toFixed(1))}
          </td>
          <td class="number">{cosine === undefined ? '–' : cosine.toFixed(5)}</td>
          <td class="number">
            {notFinite > 0
              ? l10n.t('{0} not finite', figure(notFinite))
              : shortFigure(Math.abs(found.largest.a - found.largest.b))}
          </td>
        </>
      );
    }
  }
}

function Alone({
  side,
  tensors,
}: {
  side: string;
  tensors: readonly DiffedTensor[];
}): VNode | null {
  return tensors.length === 0 ? null : (
    <details>
      <summary>{l10n.t('Tensors only in {1}: {0}', figure(tensors.length), side)}</summary>
      <ul class="names">
        {tensors.slice(0, MOST_ROWS).map((tensor) => (
          <li key={`${tensor.file} ${tensor.tensor}`}>
            {shownName(tensor.tensor)} <span class="quiet">{shapeOf(tensor)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function relativeOf(found: TensorDiff['found']): number {
  return found.kind === 'numbers' ? (found.relative ?? 0) : 0;
}

function shapeOf({ dims }: DiffedTensor): string {
  return dims.length === 0 ? l10n.t('scalar') : dims.map(figure).join(' × ');
}
