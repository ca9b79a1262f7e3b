import type { ModelStack } from '../../../src/shared/modelStack';

/** Parameters of the largest part of a drawing, which the bars of all others are measured by. */
export function largestPart(stacks: readonly ModelStack[]): number {
  return Math.max(
    1,
    ...stacks.flatMap(({ embedding, blocks, unembedding }) => [
      embedding?.parameters ?? 0,
      ...blocks.flatMap(({ parts }) => parts.map(({ parameters }) => parameters)),
      unembedding?.isTied === false ? unembedding.parameters : 0,
    ]),
  );
}
