import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { AttentionPanelHost, AttentionPanelState } from '../../src/shared/attentionPanel';
import type { Failure } from '../../src/shared/failure';
import type { Remote } from '../../src/shared/rpc';
import { Boundary } from '../ui/boundary';
import { FailureMessage } from '../ui/failureMessage';
import { useHostState, type HostState, type ToldState } from '../ui/hostState';
import { ActionsContext, type Actions } from './context';
import { parseMemory, type Memory } from './memory';
import { EmptyMessage, TracingMessage } from './messages';
import { Notice } from './notice';
import { TraceView } from './traceView';

export interface AttentionViewProps {
  host: Remote<AttentionPanelHost>;
  /** What the host tells unasked. */
  told: HostState<AttentionPanelState>;
  /** What the workbench keeps while the page is gone. */
  recall: () => unknown;
  remember: (memory: Memory) => void;
}

/** A call that failed, and the state that was on screen when it was made. */
interface FailedCall {
  error: unknown;
  during: ToldState<AttentionPanelState> | undefined;
}

/** The whole view: one of four states, as the host says, and a line for calls that failed. */
export function AttentionView({ host, told, recall, remember }: AttentionViewProps): VNode {
  const { state, latest, first } = useHostState(host, told);
  const [failed, setFailed] = useState<FailedCall>();

  const actions = useMemo((): Actions => {
    const act = (call: Promise<void>): void => {
      const during = told.latest;
      setFailed(undefined);
      call.catch((error: unknown) => setFailed({ error, during }));
    };
    return {
      host,
      act,
      recover: ({ kind }: Failure, again) => (kind === 'gone' ? act(host.retry()) : again()),
    };
  }, [host, told]);

  const notice = state !== undefined && 'notice' in state ? state.notice : undefined;
  return (
    <ActionsContext.Provider value={actions}>
      <div class="notice">
        {/* Once the host has shown another state, that one says how things stand. */}
        {failed !== undefined && failed.during === latest && (
          <FailureMessage error={failed.error} />
        )}
      </div>
      <div class="remark">
        {/* One that is there already stays, and keeps the focus; another one is read out. */}
        {notice && <Notice key={JSON.stringify(notice)} {...notice} />}
      </div>
      <div class="stage">
        <Boundary about={state}>
          {state?.kind === 'empty' && (
            <EmptyMessage onTrace={() => actions.act(host.traceSelection())} />
          )}
          {state?.kind === 'tracing' && <TracingMessage label={state.label} />}
          {state?.kind === 'trace' && (
            <TraceView
              key={state.trace.trace}
              state={state}
              recall={() => parseMemory(recall())}
              remember={remember}
            />
          )}
          {state === undefined && first.failure && (
            <FailureMessage error={first.failure} onRetry={first.again} />
          )}
        </Boundary>
      </div>
    </ActionsContext.Provider>
  );
}
