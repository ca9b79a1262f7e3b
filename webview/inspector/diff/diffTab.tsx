import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import '../figureTable.css';
import './diff.css';
import type { RemoteInspector } from '../../../src/shared/inspector';
import type { DiffProgress } from '../../../src/shared/modelDiff';
import { FailureMessage } from '../../ui/failureMessage';
import { Working } from '../../ui/working';
import type { Place } from '../place';
import { CounterpartList } from './counterpartList';
import { DiffResult } from './diffResult';
import type { Comparison } from './useDiff';

export interface DiffTabProps {
  diff: Comparison;
  host: RemoteInspector;
  /** What the inspected file is called. */
  name: string;
  onShow: (place: Place) => void;
}

/** How the model differs from another one; before that, which one it is to be compared with. */
export function DiffTab({ diff, host, name, onShow }: DiffTabProps): VNode {
  const { counterpart, isSwapped, isBusy, value, failure, progress } = diff;
  if (counterpart === undefined) {
    return <CounterpartList host={host} name={name} onChoose={diff.choose} />;
  }
  const names = isSwapped ? { a: counterpart.name, b: name } : { a: name, b: counterpart.name };
  return (
    <div class="diff" aria-busy={isBusy}>
      {isBusy && (
        <Working words={stepWords(progress, names)} share={progress?.share} onStop={diff.stop} />
      )}
      {failure !== undefined && !isBusy && (
        <>
          <FailureMessage error={failure} onRetry={diff.again} />
          <ChooseAnother onPress={diff.stop} />
        </>
      )}
      {value !== undefined && failure === undefined && (
        <DiffResult
          shown={value}
          names={names}
          isSwapped={isSwapped}
          host={host}
          onRead={diff.read}
          onShow={onShow}
        />
      )}
      {value !== undefined && !isBusy && <ChooseAnother onPress={diff.stop} />}
    </div>
  );
}

function ChooseAnother({ onPress }: { onPress: () => void }): VNode {
  return (
    <p class="action">
      <button type="button" class="link" onClick={onPress}>
        {l10n.t('Compare with another model')}
      </button>
    </p>
  );
}

function stepWords(progress: DiffProgress | undefined, { a, b }: { a: string; b: string }): string {
  switch (progress?.step) {
    case 'tensors':
      return l10n.t('Comparing the numbers of {0} and {1}…', a, b);
    case 'text':
      return l10n.t('Running {0} and {1} on a text…', a, b);
    default:
      return l10n.t('Comparing the graphs of {0} and {1}…', a, b);
  }
}
