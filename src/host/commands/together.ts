import type { Outcome } from '../../shared/doubts';

/** What is to be said of several results at once: each doubt once, and the first cut of a text. */
export function together(outcomes: readonly Outcome[]): Outcome {
  const doubts = new Map(
    outcomes.flatMap((outcome) =>
      outcome.doubts.map((doubt) => [JSON.stringify(doubt), doubt] as const),
    ),
  );
  const stop = outcomes.find((outcome) => outcome.stop !== 'end')?.stop;
  const truncation = outcomes.find((outcome) => outcome.truncation)?.truncation;
  return {
    doubts: [...doubts.values()],
    ...(stop === undefined ? {} : { stop }),
    ...(truncation === undefined ? {} : { truncation }),
  };
}
