import type {
  AttentionPanelHost,
  AttentionPanelState,
  AttentionPanelStrings,
} from '../../src/shared/attentionPanel';
import type { Remote } from '../../src/shared/rpc';
import type { ColorMap } from '../ui/colorMap';
import type { Memory } from './memory';

/** The state in which there is a trace to show. */
export type TraceState = Extract<AttentionPanelState, { kind: 'trace' }>;

/** What the whole view works with. */
export interface ViewContext {
  host: Remote<AttentionPanelHost>;
  strings: AttentionPanelStrings;
  /** The colours of the theme. */
  colors: ColorMap;
  recall: () => Memory | undefined;
  remember: (memory: Memory) => void;
}

/** What the parts of one trace work with. */
export interface TraceContext extends ViewContext {
  /** Waits for a call to end and shows its failure. */
  act: (call: Promise<void>) => void;
  /** What Retry does about a failed call: make it once more, or the trace, if that is gone. */
  recovery: (error: unknown, again: () => void) => () => void;
}
