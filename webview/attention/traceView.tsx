import type { VNode } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { HeadChoice } from '../../src/shared/attention';
import { useActions, type TraceState } from './context';
import { HeadDetail } from './headDetail';
import type { Memory } from './memory';
import { Overview, widestOverview } from './overview';
import { ReferenceCheck } from './referenceCheck';
import { TraceAbout } from './traceAbout';
import { isSameHead, useTraceMemory } from './useTraceMemory';

export interface TraceViewProps {
  state: TraceState;
  /** What the workbench keeps of a trace, perhaps of another one. */
  recall: () => Memory | undefined;
  remember: (memory: Memory) => void;
}

/** One trace: what it is of, all its heads, and one of them in detail. */
export function TraceView({ state, recall, remember }: TraceViewProps): VNode {
  const { host, act } = useActions();
  // Each message brings a copy of the trace; the maps on screen stay with the first.
  const [{ trace, inEditor }] = useState(state);
  const [memory] = useState(recall);
  const [choice, setChoice] = useState(state.choice);
  const start = memory?.trace === trace.trace ? memory : undefined;
  const kept = useTraceMemory(trace.trace, choice, start, remember);

  const choose = (next: HeadChoice): void => {
    kept.cursor.current = undefined;
    setChoice(next);
    kept.save();
  };
  const open = (next: HeadChoice): void => {
    choose(next);
    act(host.chooseHead(next));
  };
  useLayoutEffect(() => {
    if (!isSameHead(state.choice, choice)) {
      choose(state.choice);
    }
  }, [state]);

  return (
    <div class="trace" style={{ '--overview-width': `${widestOverview(trace)}px` }}>
      <header class="trace-header">
        <TraceAbout {...state} />
        <ReferenceCheck check={state.check} />
      </header>
      <Overview trace={trace} choice={choice} scroller={kept.overview} onChoose={open} />
      <HeadDetail
        trace={trace}
        inEditor={inEditor}
        choice={choice}
        cursor={kept.cursor}
        effect={state.effect}
        scores={state.scores}
        box={kept.detail}
        onCursor={(cursor) => {
          kept.cursor.current = cursor;
          kept.save();
        }}
        onSettled={kept.settle}
      />
    </div>
  );
}
