import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import '../figureTable.css';
import './profile.css';
import type { RemoteInspector, ShownProfile } from '../../../src/shared/inspector';
import type { ProfileProgress } from '../../../src/shared/modelProfile';
import { FailureMessage } from '../../ui/failureMessage';
import { useRequest } from '../../ui/useRequest';
import { Working } from '../../ui/working';
import type { Memory } from '../memory';
import { shownName } from '../shownName';
import { PassSection } from './passSection';

export interface ProfileTabProps {
  host: RemoteInspector;
  memory: Memory;
  /** What the inspected file is called. */
  name: string;
}

/** Where the time of the model goes, which is measured when it is asked for. */
export function ProfileTab({ host, memory, name }: ProfileTabProps): VNode {
  const kept = memory.of('profile')['text'];
  const [typed, setTyped] = useState(typeof kept === 'string' ? kept : '');
  /** The text of the run that was asked for last; undefined before the first. */
  const [asked, setAsked] = useState<{ text: string }>();
  useLayoutEffect(() => memory.keep('profile', { text: typed }), [memory, typed]);
  const { value, failure, isBusy, progress, again } = useRequest<ShownProfile, ProfileProgress>(
    asked && ((options) => host.profile(asked.text === '' ? {} : { text: asked.text }, options)),
    [asked],
  );
  const ask = (): void => setAsked({ text: typed.trim() });
  const read = value?.profile.text;
  return (
    <section class="profile" aria-label={l10n.t('Profile')}>
      {value === undefined && (
        <>
          <p class="lead">{l10n.t('Where does the time go?')}</p>
          <p class="explanation">
            {l10n.t(
              'Runs {0} on a text again and again with ONNX Runtime’s own profiler, and lays the time over modules and operators. Let nothing else run meanwhile.',
              shownName(name),
            )}
          </p>
        </>
      )}
      <form
        class="profile-form"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <input
          type="text"
          class="search"
          aria-label={l10n.t('Text that the model reads')}
          placeholder={read ?? l10n.t('A sentence of Headlight’s own, or yours')}
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <button type="submit" class="link" disabled={isBusy}>
          {value === undefined ? l10n.t('Run the model') : l10n.t('Run again')}
        </button>
      </form>
      {isBusy && (
        <Working
          words={
            progress === undefined
              ? l10n.t('Loading the model…')
              : l10n.t('Running it: pass {0} of {1}…', progress.pass + 1, progress.passes)
          }
          share={progress?.share}
          onStop={() => setAsked(undefined)}
        />
      )}
      {failure !== undefined && !isBusy && <FailureMessage error={failure} onRetry={again} />}
      {value?.profile.passes.map((pass, index) => (
        <PassSection
          key={`${pass.file} ${pass.kind}`}
          pass={pass}
          title={value.passes[index]?.title ?? ''}
          lead={value.passes[index]?.lead ?? []}
        />
      ))}
      {value !== undefined && (
        <p class="quiet">
          {value.profile.runtime} · {value.profile.text}
        </p>
      )}
    </section>
  );
}
