import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { byteSize } from '../../../src/shared/byteSize';
import type { RemoteInspector } from '../../../src/shared/inspector';
import type {
  StoredTensor,
  TensorProgress,
  TensorStatistics,
} from '../../../src/shared/tensorListing';
import { FailureMessage } from '../../ui/failureMessage';
import { Working } from '../../ui/working';
import { useRequest } from '../../ui/useRequest';
import { elementFigure, figure } from '../figure';
import { shownName } from '../shownName';
import { HistogramPlot } from './histogramPlot';
import { idOf, nameOf } from './tensorRows';
import { WeightMap } from './weightMap';

export interface TensorDetailProps {
  tensor: StoredTensor;
  host: RemoteInspector;
}

/** One tensor: what it is, its elements as a map, and what its numbers are. */
export function TensorDetail({ tensor, host }: TensorDetailProps): VNode {
  const id = idOf(tensor);
  const [isStopped, setStopped] = useState(false);
  const { value, failure, again, progress } = useRequest<TensorStatistics, TensorProgress>(
    isStopped ? undefined : (options) => host.tensorStatistics(id, options),
    [tensor, isStopped],
  );
  const [saying, setSaying] = useState<unknown>();
  const act = (call: Promise<void>): void => {
    setSaying(undefined);
    call.catch(setSaying);
  };
  return (
    <>
      <h2>{shownName(nameOf(tensor))}</h2>
      <p class="quiet">{aboutWords(tensor)}</p>
      {tensor.elements > 0 && tensor.dtype !== 'string' && (
        <WeightMap tensor={tensor} finite={value?.finite} host={host} />
      )}
      {failure !== undefined ? (
        <FailureMessage error={failure} onRetry={again} />
      ) : isStopped ? (
        <p>
          <button type="button" class="link" onClick={() => setStopped(false)}>
            {l10n.t('Count its numbers')}
          </button>
        </p>
      ) : value === undefined ? (
        <Working
          words={l10n.t('Reading the tensor…')}
          share={progress?.share}
          onStop={() => setStopped(true)}
        />
      ) : (
        <Figures statistics={value} />
      )}
      <p class="detail-actions">
        <button type="button" class="link" onClick={() => act(host.copyTensor(id))}>
          {l10n.t('Copy as NumPy')}
        </button>
        <button type="button" class="link" onClick={() => act(host.saveTensor(id))}>
          {l10n.t('Save as .npy…')}
        </button>
      </p>
      {saying !== undefined && <FailureMessage error={saying} />}
    </>
  );
}

/** Shape, type and size, and under which name the file has it. */
function aboutWords(tensor: StoredTensor): string {
  const { dims, dtype, bytes, name, isTransposed, quantization, copyOf, place } = tensor;
  return [
    dims.length === 0 ? l10n.t('scalar') : dims.map(figure).join(' × '),
    dtype,
    byteSize(bytes),
    ...(name === nameOf(tensor)
      ? []
      : [
          isTransposed
            ? l10n.t('stored transposed as {0}', shownName(name))
            : l10n.t('stored as {0}', shownName(name)),
        ]),
    ...(quantization?.scale === undefined
      ? []
      : [l10n.t('scales in {0}', shownName(quantization.scale))]),
    ...(copyOf === undefined ? [] : [l10n.t('a copy of {0}', shownName(copyOf.name))]),
    ...(place.kind === 'inside' ? [] : [l10n.t('in {0}', place.location)]),
  ].join(' · ');
}

function Figures({ statistics }: { statistics: TensorStatistics }): VNode {
  const { elements, nan, infinite, zeros, finite, scales, isDequantized } = statistics;
  const share = (count: number): string =>
    count === 0
      ? l10n.t('none')
      : (count / Math.max(1, elements)).toLocaleString(document.documentElement.lang || 'en', {
          style: 'percent',
          maximumFractionDigits: 2,
        });
  const figures: [label: string, value: string][] = [
    ...(finite === undefined
      ? []
      : ([
          [l10n.t('Minimum'), elementFigure(finite.minimum)],
          [l10n.t('Maximum'), elementFigure(finite.maximum)],
          [l10n.t('Mean'), elementFigure(finite.mean)],
          [l10n.t('Std. deviation'), elementFigure(finite.standardDeviation)],
          [l10n.t('Euclidean norm'), elementFigure(finite.norm)],
        ] as [string, string][])),
    [l10n.t('Zeros'), share(zeros)],
    ...(scales === undefined
      ? []
      : ([
          [
            l10n.t('{0} scales', figure(scales.count)),
            `${elementFigure(scales.minimum)} – ${elementFigure(scales.maximum)}`,
          ],
        ] as [string, string][])),
  ];
  return (
    <>
      {nan + infinite > 0 ? (
        <p class="problem">
          {l10n.t(
            '{0} of its numbers are NaN and {1} infinite; the figures leave them out.',
            figure(nan),
            figure(infinite),
          )}
        </p>
      ) : (
        <p>{l10n.t('No number is NaN or infinite.')}</p>
      )}
      {finite && (
        <p>
          {l10n.t(
            'Largest: {0} at [{1}].',
            elementFigure(finite.largest.value),
            finite.largest.index.join(', '),
          )}
        </p>
      )}
      <dl class="figures">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {finite && <HistogramPlot histogram={finite.histogram} percentiles={finite.percentiles} />}
      {isDequantized && <p class="quiet">{l10n.t('Figures are of the dequantized numbers.')}</p>}
    </>
  );
}
