import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { FailureMessage } from '../ui/failureMessage';

/** Something that can be done with all of a page. */
export interface PageAction {
  label: string;
  /** @returns what is said once it is done; undefined where nothing was. */
  run: () => Promise<string | undefined>;
}

/** The name of what is shown, its files, and what can be done with all of it. */
export function PageHeader({
  name,
  files,
  actions,
}: {
  name: string;
  files: readonly string[];
  actions: readonly PageAction[];
}): VNode {
  const [done, setDone] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const act = async (run: PageAction['run']): Promise<void> => {
    setDone(undefined);
    setFailure(undefined);
    try {
      setDone(await run());
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <header class="page-header">
      <h1>{name}</h1>
      <p class="quiet">{files.join(', ')}</p>
      <div class="actions">
        <span class="quiet" role="status">
          {done}
        </span>
        {actions.map(({ label, run }) => (
          <button key={label} type="button" class="link" onClick={() => void act(run)}>
            {label}
          </button>
        ))}
      </div>
      {failure !== undefined && <FailureMessage error={failure} />}
    </header>
  );
}
