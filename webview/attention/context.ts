import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AttentionPanelHost, AttentionPanelState } from '../../src/shared/attentionPanel';
import type { Failure } from '../../src/shared/failure';
import type { Remote } from '../../src/shared/rpc';

/** The state in which there is a trace to show. */
export type TraceState = Extract<AttentionPanelState, { kind: 'trace' }>;

/** What all components of the view may use. */
export interface Actions {
  host: Remote<AttentionPanelHost>;
  /** Waits for a call to end and shows its failure. */
  act: (call: Promise<void>) => void;
  /** What Retry does about a failed call: make it once more, or the trace, if that is gone. */
  recover: (failure: Failure, again: () => void) => void;
}

export const ActionsContext = createContext<Actions | undefined>(undefined);

/** @throws Error outside of the view */
export function useActions(): Actions {
  const actions = useContext(ActionsContext);
  if (actions === undefined) {
    throw new Error('There is no view around this component');
  }
  return actions;
}
