import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ModelStack } from '../../../src/shared/modelStack';
import { root } from '../root';

/** A stack as `stacks.py` has it from `transformers`: null for what is not there. */
export type ExpectedStack = Record<string, unknown>;

/** How the stacks of a model are built, by the folder of its config.json, seen from the root. */
export const EXPECTED_STACKS = JSON.parse(
  readFileSync(path.join(root, 'test/fixtures/inspect/stacks.json'), 'utf8'),
) as Record<string, ExpectedStack[]>;

/** What the two have in common: each block by itself, its sites and operators left out. */
export function comparable(stack: ModelStack): ExpectedStack {
  const { component, width, embedding, positions, blocks, finalNorm, unembedding } = stack;
  return {
    component,
    width,
    ...(embedding === undefined
      ? {}
      : {
          embedding: {
            vocabulary: embedding.vocabulary,
            width: embedding.width,
            parameters: embedding.parameters,
            // Half precision and 32 bits round √d_model.
            scale: embedding.scale === undefined ? null : Number(embedding.scale.toPrecision(3)),
            norm: embedding.norm ?? null,
          },
        }),
    positions,
    blocks: blocks.flatMap(({ count, parameters, parts }) =>
      Array.from({ length: count }, () => ({
        parameters,
        normParameters: parts.reduce((sum, part) => sum + part.normParameters, 0),
        parts: parts.map((part) => ({
          ...about(part),
          norms: part.norms,
          norm: part.norm ?? null,
          isParallel: part.isParallel,
        })),
      })),
    ),
    finalNorm: finalNorm ?? null,
    unembedding:
      unembedding === undefined
        ? null
        : {
            outputs: unembedding.outputs,
            width: unembedding.width,
            isTied: unembedding.isTied,
          },
  };
}

function about(part: ModelStack['blocks'][number]['parts'][number]): ExpectedStack {
  switch (part.kind) {
    case 'attention': {
      const { kind, attention, heads, keyValueHeads, headSize } = part;
      return { kind, attention, heads, keyValueHeads, headSize };
    }
    case 'feedForward': {
      const { kind, widths, activation, isGated, experts } = part;
      return { kind, widths, activation, isGated, ...(experts === undefined ? {} : { experts }) };
    }
    case 'other':
      return { kind: part.kind };
  }
}

/**
 * An expected stack with its numbers rounded as {@link comparable} rounds them.
 * @param more parameters that the blocks of the file have besides, by their order.
 */
export function rounded(stack: ExpectedStack, more: readonly number[]): ExpectedStack {
  const { embedding, blocks } = stack as {
    embedding?: { scale: number | null };
    blocks: { parameters: number }[];
  };
  const found = {
    ...stack,
    blocks: blocks.map((block, index) => ({
      ...block,
      parameters: block.parameters + (more[index] ?? 0),
    })),
  };
  return embedding === undefined
    ? found
    : {
        ...found,
        embedding: {
          ...embedding,
          scale: embedding.scale === null ? null : Number(embedding.scale.toPrecision(3)),
        },
      };
}

/** A stack as {@link rounded} or {@link comparable} has it, less what its blocks count. */
export function withoutParameters(stack: ExpectedStack): ExpectedStack {
  const { blocks } = stack as { blocks: Record<string, unknown>[] };
  return {
    ...rounded(stack, []),
    blocks: blocks.map(({ parts }) => parts),
  };
}
