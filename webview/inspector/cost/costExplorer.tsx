import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { byteSize } from '../../../src/shared/byteSize';
import type { ModelCost } from '../../../src/shared/modelCost';
import { Choices } from '../../ui/choices';
import { figure } from '../figure';
import { costCurves } from './costCurves';
import { CostPlot, type PlotLine } from './costPlot';
import { CostTable } from './costTable';
import { operationCount } from './quantities';

/** In what the weights are kept; the rest is in the types of number that the graph computes in. */
type WeightType = 'here' | 'float32' | 'float16' | 'int8' | 'int4';

const BYTES: Record<Exclude<WeightType, 'here'>, number> = {
  float32: 4,
  float16: 2,
  int8: 1,
  int4: 0.5,
};

/** The length that a plot ends at where the model has none of its own. */
const LONGEST = 8 ** 5;

/** Memory and arithmetic by the length of a text: a slider, two plots and a table of the same figures. */
export function CostExplorer({ cost, memory }: { cost: ModelCost; memory: number }): VNode {
  const { context } = cost;
  const longest =
    context === undefined ? LONGEST : 8 ** Math.ceil(Math.log(context * 8) / Math.log(8) - 1e-9);
  const [length, setLength] = useState(Math.min(512, Math.ceil((context ?? 1024) / 2)));
  const [batch, setBatch] = useState(1);
  const [weightType, setWeightType] = useState<WeightType>('here');
  const curves = useMemo(() => costCurves(cost, batch), [cost, batch]);
  const weights = weightType === 'here' ? memory : cost.weights * BYTES[weightType];
  const kept = useMemo((): PlotLine[] => {
    const { cache, map } = curves;
    return [
      { name: 'weights', label: l10n.t('Weights'), look: 'third', at: () => weights },
      ...(cache === undefined
        ? []
        : [{ name: 'cache', label: l10n.t('Key–value cache'), look: 'first' as const, at: cache }]),
      { name: 'map', label: l10n.t('Attention maps'), look: 'second', at: map },
    ];
  }, [curves, weights]);
  const arithmetic = useMemo((): PlotLine[] => {
    const { prefill, token } = curves;
    return [
      ...(prefill === undefined
        ? []
        : [
            {
              name: 'prefill',
              label: l10n.t('Reading the text'),
              look: 'first' as const,
              at: prefill,
            },
          ]),
      ...(token === undefined
        ? []
        : [
            {
              name: 'token',
              label: l10n.t('Each token written'),
              look: 'second' as const,
              at: token,
            },
          ]),
    ];
  }, [curves]);
  const shared = {
    length,
    longest,
    ...(context === undefined ? {} : { limit: context }),
    axis: l10n.t('tokens of context →'),
    beyond: context === undefined ? '' : l10n.t('beyond {0} positions', figure(context)),
  };
  return (
    <>
      <div class="cost-bar">
        <label class="slider">
          <span class="quiet">{l10n.t('Context')}</span>
          <input
            type="range"
            min="0"
            max="1"
            step="any"
            value={Math.log(length) / Math.log(longest)}
            aria-valuetext={l10n.t('{0} tokens', figure(length))}
            onInput={({ currentTarget }) =>
              setLength(Math.round(longest ** currentTarget.valueAsNumber))
            }
            onKeyDown={(event) => {
              const by = step(event.key);
              if (by !== undefined) {
                event.preventDefault();
                setLength(Math.min(longest, Math.max(1, by(length))));
              }
            }}
          />
          <span>{l10n.t('{0} tokens', figure(length))}</span>
        </label>
        <span class="choice-label quiet">{l10n.t('Texts side by side')}</span>
        <Choices
          label={l10n.t('Texts side by side')}
          choices={[1, 4, 16].map((count) => ({ value: count, label: `× ${count}` }))}
          chosen={batch}
          onChoose={setBatch}
        />
        <span class="choice-label quiet">{l10n.t('Weights kept as')}</span>
        <Choices
          label={l10n.t('Weights kept as')}
          choices={(['here', 'float32', 'float16', 'int8', 'int4'] as const).map((value) => ({
            value,
            label: value === 'here' ? l10n.t('as they run here') : value,
          }))}
          chosen={weightType}
          onChoose={setWeightType}
        />
      </div>
      <div class="costs">
        <CostPlot
          title={l10n.t('Memory')}
          lines={kept}
          format={(value) => byteSize(value).replace('.0 ', ' ')}
          {...shared}
        />
        <CostPlot
          title={l10n.t('Arithmetic, floating-point operations')}
          lines={arithmetic}
          format={operationCount}
          {...shared}
        />
        <CostTable curves={curves} weights={weights} length={length} batch={batch} />
      </div>
      <Uncounted cost={cost} />
    </>
  );
}

function Uncounted({ cost: { graphs } }: { cost: ModelCost }): VNode | null {
  const uncounted = graphs.reduce((sum, graph) => sum + graph.uncounted, 0);
  return uncounted === 0 ? null : (
    <p class="quiet">
      {l10n.t(
        '{0} products are left out, for their sizes are unknown: the arithmetic is more than it says.',
        figure(uncounted),
      )}
    </p>
  );
}

/** What a key makes of a length; undefined of other keys. */
function step(key: string): ((length: number) => number) | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return (length) => length + 1;
    case 'ArrowLeft':
    case 'ArrowDown':
      return (length) => length - 1;
    case 'PageUp':
      return (length) => length * 2;
    case 'PageDown':
      return (length) => Math.round(length / 2);
    default:
      return undefined;
  }
}
