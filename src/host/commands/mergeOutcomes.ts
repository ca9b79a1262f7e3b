import type { Outcome } from '../../wording/resultWarnings';

/** What is to be said of several results at once: each warning once, and the first cut of a text. */
export function mergeOutcomes(outcomes: readonly Outcome[]): Outcome {
  const warnings = new Map(
    outcomes.flatMap((outcome) =>
      outcome.warnings.map((warning) => [JSON.stringify(warning), warning] as const),
    ),
  );
  const stop = outcomes.find((outcome) => outcome.stop !== 'end')?.stop;
  const truncation = outcomes.find((outcome) => outcome.truncation)?.truncation;
  return {
    warnings: [...warnings.values()],
    ...(stop === undefined ? {} : { stop }),
    ...(truncation === undefined ? {} : { truncation }),
  };
}
