import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { BehaviourDiff, LikelyToken, PlaceDiff } from '../../../src/shared/modelDiff';
import { tokenLabel, tokenLabels } from '../../../src/shared/tokenLabel';
import { shortFigure } from '../../../src/shared/shortFigure';
import { moveInRow } from '../../ui/gridMovement';
import { shareText } from './shareText';
import { roundScale } from './roundScale';

/** How far the prediction at each place moves, as bars; one place is told in words. */
export function DivergenceBars({ behaviour }: { behaviour: BehaviourDiff }): VNode {
  const { places, way } = behaviour;
  const divergences = places.map(({ divergence }) => divergence);
  const largest = Math.max(0, ...divergences);
  const furthest = Math.max(0, divergences.indexOf(largest));
  const [chosen, setChosen] = useState<number>();
  const at = Math.min(chosen ?? furthest, places.length - 1);
  const labels = tokenLabels(places.map(({ token }) => token));
  const scale = roundScale(largest);
  const press = (event: KeyboardEvent): void => {
    const to = moveInRow(event, at, places.length);
    if (to !== undefined) {
      setChosen(to);
      document
        .getElementById(`place-${to}`)
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      event.preventDefault();
    }
  };
  const place = places[at];
  return (
    <figure class="divergences">
      <figcaption class="quiet">{captionOf(way)}</figcaption>
      <div class="bars-box">
        <div
          class="bars"
          role="listbox"
          aria-label={captionOf(way)}
          aria-orientation="horizontal"
          aria-activedescendant={`place-${at}`}
          tabIndex={0}
          onKeyDown={press}
        >
          {places.map(({ divergence }, index) => (
            <div
              key={index}
              id={`place-${index}`}
              class={[
                'bar-column',
                index === furthest ? 'furthest' : '',
                index === at ? 'at' : '',
              ].join(' ')}
              role="option"
              aria-selected={index === at}
              aria-label={`${shortFigure(divergence)} ${labels[index] ?? ''}`}
              onClick={() => setChosen(index)}
            >
              <span class="bar-space">
                <span
                  class="bar"
                  style={{ height: `${scale.top === 0 ? 0 : (100 * divergence) / scale.top}%` }}
                >
                  {index === furthest && largest > 0 && <b>{shortFigure(largest)}</b>}
                </span>
              </span>
              <span class="bar-label">{labels[index]}</span>
            </div>
          ))}
        </div>
        <div class="bars-axis" aria-hidden="true">
          {scale.ticks.map((tick) => (
            <span key={tick} style={{ bottom: `${(100 * tick) / scale.top}%` }}>
              {shortFigure(tick)}
            </span>
          ))}
          <span class="unit">{way === 'vectors' ? l10n.t('1 − cos') : l10n.t('nats')}</span>
        </div>
      </div>
      {place !== undefined && (
        <p role="status">{placeWords(place, way, labels[at] ?? '', chosen === undefined)}</p>
      )}
    </figure>
  );
}

function captionOf(way: BehaviourDiff['way']): string {
  switch (way) {
    case 'next':
      return l10n.t('How far the prediction behind each token moves (KL divergence of B from A)');
    case 'masked':
      return l10n.t(
        'How far the prediction for each masked token moves (KL divergence of B from A)',
      );
    case 'vectors':
      return l10n.t('How far the vector of each token is turned (1 − cosine)');
  }
}

function placeWords(
  { top }: PlaceDiff,
  way: BehaviourDiff['way'],
  label: string,
  isFurthest: boolean,
): string {
  if (top === undefined) {
    return isFurthest ? l10n.t('Furthest at “{0}”.', label) : l10n.t('At “{0}”.', label);
  }
  const where =
    way === 'next'
      ? isFurthest
        ? l10n.t('Furthest behind “{0}”:', label)
        : l10n.t('Behind “{0}”:', label)
      : isFurthest
        ? l10n.t('Furthest where “{0}” is masked:', label)
        : l10n.t('Where “{0}” is masked:', label);
  return `${where} ${topWords(top)}`;
}

function topWords({ a, b }: { a: LikelyToken; b: LikelyToken }): string {
  return a.id === b.id
    ? l10n.t(
        'both expect “{0}”, A with {1}, B with {2}.',
        tokenLabel(a),
        shareText(a.probability.a),
        shareText(a.probability.b),
      )
    : l10n.t(
        'A expects “{0}” ({1}; B gives it {2}), B expects “{3}” ({4}; A gives it {5}).',
        tokenLabel(a),
        shareText(a.probability.a),
        shareText(a.probability.b),
        tokenLabel(b),
        shareText(b.probability.b),
        shareText(b.probability.a),
      );
}
