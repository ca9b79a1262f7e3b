import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { byteSize } from '../../../src/shared/byteSize';
import { figure } from '../figure';
import type { CostCurves } from './costCurves';
import type { PlotLine } from './costPlot';
import { operationCount, smallQuantity } from './quantities';

export interface CostTableProps {
  curves: CostCurves;
  /** Unit: bytes. */
  weights: number;
  /** In tokens. */
  length: number;
  /** Texts side by side. */
  batch: number;
}

const JOULES_PER_KWH = 3.6e6;

/** Where fields stand in a sentence. */
const PLACE = '\n';

/** The figures of the plots at the chosen length, with an estimate of the energy by two assumptions. */
export function CostTable({ curves, weights, length, batch }: CostTableProps): VNode {
  const { cache, map, prefill, token } = curves;
  const [efficiency, setEfficiency] = useState(20);
  const [intensity, setIntensity] = useState(400);
  const kept = cache?.(length) ?? 0;
  const energy = (operations: number): string => {
    const joules = operations / (efficiency * 1e9);
    const grams = (joules / JOULES_PER_KWH) * intensity;
    return `${smallQuantity(joules, 'J')} · ${smallQuantity(grams, 'g')}`;
  };
  const lengths = figure(length);
  const [before, between, behind] = l10n
    .t('Estimated at {0} GFLOP per joule and {1} g of CO₂ per kWh.', PLACE, PLACE)
    .split(PLACE);
  return (
    <div class="cost-table">
      <p class="quiet">{l10n.t('{0} tokens of context, batch {1}', lengths, batch)}</p>
      <table>
        <tbody>
          <Row
            look="third"
            name={l10n.t('Weights in memory')}
            value={byteSize(Math.round(weights))}
          />
          {cache && (
            <Row look="first" name={l10n.t('Key–value cache')} value={byteSize(Math.round(kept))} />
          )}
          <Row
            look="second"
            name={l10n.t('Attention maps, one layer')}
            value={byteSize(Math.round(map(length)))}
          />
          <Row
            isSum
            name={l10n.t('All together')}
            value={byteSize(Math.round(weights + kept + map(length)))}
          />
          {prefill && (
            <Row look="first" name={l10n.t('Reading the text')} value={flops(prefill(length))} />
          )}
          {token && (
            <Row
              look="second"
              name={l10n.t('The last token written')}
              value={flops(token(length))}
            />
          )}
          {prefill && (
            <Row isSum name={l10n.t('Energy, CO₂ to read it')} value={energy(prefill(length))} />
          )}
          {token && <Row name={l10n.t('… for that token')} value={energy(token(length))} />}
        </tbody>
      </table>
      <p class="assumptions quiet">
        {before}
        <Assumption label={l10n.t('GFLOP per joule')} value={efficiency} onChange={setEfficiency} />
        {between}
        <Assumption label={l10n.t('g of CO₂ per kWh')} value={intensity} onChange={setIntensity} />
        {behind}
      </p>
    </div>
  );
}

function Row({
  look,
  name,
  value,
  isSum = false,
}: {
  look?: PlotLine['look'];
  name: string;
  value: string;
  isSum?: boolean;
}): VNode {
  return (
    <tr class={isSum ? 'sum-row' : undefined}>
      <th scope="row">
        {look && <span class={`key ${look}`} aria-hidden="true" />}
        {name}
      </th>
      <td>{value}</td>
    </tr>
  );
}

function Assumption({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}): VNode {
  return (
    <input
      type="number"
      min="1"
      aria-label={label}
      value={value}
      required
      onInput={({ currentTarget: { valueAsNumber } }) =>
        valueAsNumber > 0 && onChange(valueAsNumber)
      }
      onBlur={({ currentTarget }) => {
        // What is no assumption does not stay: the figures are by the last one that is.
        currentTarget.value = String(value);
      }}
    />
  );
}

function flops(count: number): string {
  const figure = operationCount(count);
  return /\d$/.test(figure) ? `${figure} FLOP` : `${figure}FLOP`;
}
