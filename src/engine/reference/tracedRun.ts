import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TracedSequences, TraceSummary } from '../../shared/attention';
import type { LayersDone } from '../../shared/referenceRun';
import type { ReferenceInput, RunOptions } from '../../reference/transformer';

/** What a run of the reference on a trace's tokens needs to be stopped and followed. */
export interface RunControl {
  signal: AbortSignal;
  report: (progress: LayersDone) => void;
}

/** Whether a trace is of a model with two stacks. */
type Traced = Pick<TraceSummary, 'sequences'>;

/** The tokens of a trace, as the reference reads them: a batch of one. */
export function referenceInputOf({ sequences }: Traced): ReferenceInput {
  const { encoder, decoder } = sequences;
  return encoder !== undefined && decoder !== undefined
    ? { ids: [tokenIdsOf(encoder)], decoderIds: [tokenIdsOf(decoder)] }
    : { ids: [tokenIdsOf(encoder ?? decoder)] };
}

export function tokenIdsOf(tokens: TracedSequences['encoder']): number[] {
  return tokens?.map(({ id }) => id) ?? [];
}

/**
 * Options of a run that reports its progress and can be cancelled between layers: the process hears
 * of a cancelled call only when it gets a turn.
 * @param runs of how many runs this is the one with the index `run`.
 */
export function runOptionsOf({ signal, report }: RunControl, run = 0, runs = 1): RunOptions {
  return {
    signal,
    onProgress: async (done, total) => {
      report({ done: run * total + done, total: runs * total });
      await nextTurn();
      signal.throwIfAborted();
    },
  };
}
