import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import './stack.css';
import type { RemoteInspector } from '../../../src/shared/inspector';
import { FailureMessage } from '../../ui/failureMessage';
import { ProgressRing } from '../../ui/toolkit';
import { useRequest } from '../../ui/useRequest';
import { CrossLink } from './crossLink';
import { largestPart } from './partSizes';
import { StackColumn } from './stackColumn';

/**
 * A model as its graph tells: the stream of hidden states from the embedding to the output, and the parts
 * that read it and add to it; an encoder beside its decoder.
 */
export function StackDrawing({ host, reading }: { host: RemoteInspector; reading: number }): VNode {
  const {
    value: stacks,
    failure,
    again,
  } = useRequest((options) => host.stack(undefined, options), [host, reading]);
  const frame = useRef<HTMLDivElement>(null);
  if (failure !== undefined) {
    return <FailureMessage error={failure} onRetry={again} />;
  }
  if (stacks === undefined) {
    return (
      <div class="stack-waiting">
        <ProgressRing />
      </div>
    );
  }
  if (stacks.length === 0) {
    return (
      <p class="quiet">
        {l10n.t('The graph is not built of Transformer blocks, so that there is no stack to draw.')}
      </p>
    );
  }
  const largest = largestPart(stacks);
  const areTwo = stacks.length > 1;
  return (
    <figure class="stacks" aria-label={l10n.t('How the model is built')}>
      <div class={areTwo ? 'stack-columns two' : 'stack-columns'} ref={frame}>
        {stacks.map((stack, index) => (
          <StackColumn
            key={index}
            stack={stack}
            largest={largest}
            isMirrored={areTwo && stack.component === 'decoder'}
            feedsDecoder={areTwo && stack.component === 'encoder'}
          />
        ))}
        {areTwo && <CrossLink frame={frame} about={stacks} />}
      </div>
      <figcaption class="quiet">
        <span class="legend-sum" aria-hidden="true" />
        {l10n.t('added to the stream of hidden states')}
        <span class="legend-bar" aria-hidden="true" />
        {l10n.t('parameters, as a share of the largest part’s')}
      </figcaption>
    </figure>
  );
}
