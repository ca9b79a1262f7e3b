import type { AttentionLayer } from '../../onnx/attention/findAttention';
import { branchBody } from '../../onnx/graph/attributes';
import type { Graph, Node, OnnxModel } from '../../onnx/graph/model';
import type { StoredWeights } from '../../onnx/outline/storedWeights';
import type { Weight } from '../../onnx/outline/weightUses';
import type { InferredShapes } from '../../onnx/shapes/inferShapes';
import type { Component } from '../../shared/attention';
import type { ModelStack, PositionScheme } from '../../shared/modelStack';
import { blockRuns, type CountedPart } from './blocks';
import { Computation, type Step } from './computation';
import { embeddingOf, type EmbeddingSum } from './embedding';
import { headsOf } from './heads';
import { Norms } from './norms';
import {
  describePart,
  partsOfStream,
  weightsOfPart,
  type FoundPart,
  type PartContext,
} from './parts';
import { positionsInAttention, positionsInEmbedding, type AttentionPositions } from './positions';
import { isConvolution } from './products';
import { ResidualStreams, type ResidualStream } from './residualStream';
import { unembeddingOf } from './unembedding';
import type { WeightValues } from './weightValues';

/** A file of a model, and what is known of it. */
export interface StackFile {
  file: string;
  model: OnnxModel;
  /** What `findAttentionLayers` found; none where it found none. */
  layers: readonly AttentionLayer[];
  shapes: InferredShapes;
  weights: StoredWeights;
  values: WeightValues;
}

/**
 * Reads from the graphs of a model how its stacks are built: from each attention along the residual stream,
 * the sums x + f(x), in both directions (docs/decisions/0057). What lies between two sums is a part of a
 * block. Names of nodes are not looked at; names of inputs tell which integers are positions.
 *
 * @param files of one model, in the order in which they run.
 * @returns a stack for each component whose attention lies on a stream, in the same order; none for a
 *   graph that is no Transformer.
 */
export async function modelStacks(files: readonly StackFile[]): Promise<ModelStack[]> {
  const stacks: ModelStack[] = [];
  const tables: Weight[] = [];
  for (const file of files) {
    for (const { stack, words } of await stacksOfFile(file)) {
      const { embedding } = stack;
      if (embedding !== undefined && words !== undefined) {
        embedding.isTied = tables.some(
          (table) => table === words || file.values.isSame(table, words),
        );
        tables.push(words);
      }
      stacks.push(stack);
    }
  }
  return stacks;
}

interface FoundStack {
  stack: ModelStack;
  /** The table of its embedding. */
  words?: Weight;
}

async function stacksOfFile(file: StackFile): Promise<FoundStack[]> {
  const { model, layers, shapes, weights } = file;
  if (layers.length === 0) {
    return [];
  }
  const computation = new Computation(model, shapes, branchesOf(model, layers), weights.weights);
  const norms = new Norms(computation);
  const attentions = new Map<Step, AttentionLayer>();
  for (const layer of layers) {
    const step = computation.stepOf(layer.attention.node);
    if (step !== undefined) {
      attentions.set(step, layer);
    }
  }
  const streams = new ResidualStreams(computation, norms, new Set(attentions.keys()));
  const found = COMPONENTS.flatMap((component) => {
    const [first] = [...attentions]
      .filter(([, layer]) => layer.component === component)
      .sort(([a], [b]) => a.index - b.index);
    const stream = first === undefined ? undefined : streams.through(first[0]);
    return stream === undefined ? [] : [{ component, stream }];
  });
  const states = new Set(found.flatMap(({ stream }) => statesOf(stream, norms)));
  const context: PartContext = { computation, norms, attentions, states };
  const parts = found.map(({ stream }) => partsOfStream(stream, context));
  const shared = stepsOfSeveral(parts.flat());
  const stop = new Set(parts.flat().flatMap(({ steps }) => steps));
  return Promise.all(
    found.map(({ component, stream }, index) =>
      describeStack(component, stream, parts[index] ?? [], { file, context, shared, stop }),
    ),
  );
}

const COMPONENTS: readonly Component[] = ['encoder', 'decoder'];

/** The branches that attention lies in, by the node that they are of. */
function branchesOf({ graph }: OnnxModel, layers: readonly AttentionLayer[]): Map<Node, Graph> {
  const bodies = new Map<Node, Graph>();
  for (const { branch } of layers) {
    const node = branch === undefined ? undefined : graph.nodes[branch.node];
    const body = branch === undefined ? undefined : branchBody(node, branch.branch);
    if (node !== undefined && body !== undefined) {
      bodies.set(node, body);
    }
  }
  return bodies;
}

/** All states of a stream: those that parts read and add to, and what its norms make of the last one. */
function statesOf({ start, sums, end }: ResidualStream, norms: Norms): string[] {
  return [
    start,
    ...sums.flatMap(({ before, result, normsAfter }) => [
      before,
      result,
      ...normsAfter.map(({ output }) => output),
    ]),
    end,
    ...norms.reading(end).map(({ output }) => output),
  ];
}

/** Steps that several parts are computed from and that depend on none of their states. */
function stepsOfSeveral(parts: readonly FoundPart[]): ReadonlySet<Step> {
  const once = new Set<Step>();
  const several = new Set<Step>();
  for (const { own, steps } of parts) {
    const depending = new Set(steps);
    for (const step of own) {
      if (!depending.has(step)) {
        (once.has(step) ? several : once).add(step);
      }
    }
  }
  return several;
}

interface StackContext {
  file: StackFile;
  context: PartContext;
  /** Steps that belong to no part alone. */
  shared: ReadonlySet<Step>;
  /** Steps of all parts. */
  stop: ReadonlySet<Step>;
}

async function describeStack(
  component: Component,
  stream: ResidualStream,
  parts: readonly FoundPart[],
  { file, context, shared, stop }: StackContext,
): Promise<FoundStack> {
  const { computation, norms, states } = context;
  const { values } = file;
  const embedding = await embeddingOf(stream.start, computation, norms, values);
  const firstAttention = parts.findIndex(({ attention }) => attention !== undefined);
  const [before, own] = isPosition(parts.slice(0, firstAttention))
    ? [parts.slice(0, firstAttention), parts.slice(firstAttention)]
    : [[], parts];
  const inAttention: AttentionPositions[] = [];
  for (const { attention, sum } of own) {
    if (attention !== undefined) {
      const { heads } = headsOf(attention, computation);
      const place = { reads: sum.reads, states, computation, values };
      inAttention.push(await positionsInAttention(attention, heads, place));
    }
  }
  const counted = countsOf(
    file.weights,
    inAttention.flatMap(({ tables }) => tables),
  );
  const width = streamWidth(stream, computation);
  const positions: PositionScheme[] = [
    ...(await positionsInEmbedding(embedding, width, values)),
    ...(before.length > 0 ? [{ kind: 'convolution' } as const] : []),
    ...inAttention.flatMap(({ schemes }) => schemes),
  ];
  const finalNorm = norms.reading(stream.end)[0];
  const { words } = embedding;
  const head = unembeddingOf(stream.end, words?.rows, stop, computation);
  const table = words?.weight;
  const isTied = head?.weights.some(
    (weight) => table !== undefined && (weight === table || values.isSame(weight, table)),
  );
  const stack: ModelStack = {
    file: file.file,
    component,
    ...(width === undefined ? {} : { width }),
    ...embeddingPart(embedding, before),
    positions: distinct(positions),
    blocks: blockRuns(
      own.map((part): CountedPart => {
        const weights = weightsOfPart(part, shared, context);
        const described = describePart(part, context, {
          parameters: sumOf(weights.own, counted),
          normParameters: sumOf(weights.norms, counted),
        });
        const all = [...weights.own, ...weights.norms].filter((weight) => counted(weight) > 0);
        return { part: described, weights: new Set(all) };
      }),
    ),
    ...(finalNorm === undefined ? {} : { finalNorm: finalNorm.kind }),
    ...(head === undefined
      ? {}
      : {
          unembedding: {
            ...head.part,
            parameters: sumOf(head.weights, counted),
            isTied: isTied === true,
          },
        }),
  };
  return { stack, ...(table === undefined ? {} : { words: table }) };
}

/** What a weight counts: none for constants, and for tables that belong to no part. */
function countsOf(
  { constants }: StoredWeights,
  tables: readonly Weight[],
): (weight: Weight) => number {
  return (weight) =>
    constants.has(weight) || weight.partOf !== undefined || tables.includes(weight)
      ? 0
      : weight.parameters;
}

function sumOf(weights: Iterable<Weight>, counted: (weight: Weight) => number): number {
  return [...weights].reduce((sum, weight) => sum + counted(weight), 0);
}

/** Whether parts before the first attention are but convolutions, by which states get to know their places. */
function isPosition(parts: readonly FoundPart[]): boolean {
  return parts.length > 0 && parts.every(({ steps }) => steps.some(isConvolution));
}

function streamWidth({ start, sums }: ResidualStream, computation: Computation) {
  const states = [start, ...sums.flatMap(({ added, result }) => [result, added])];
  return states.map((state) => computation.width(state)).find((width) => width !== undefined);
}

function embeddingPart(
  { words, scale, norm }: EmbeddingSum,
  before: readonly FoundPart[],
): Pick<ModelStack, 'embedding'> {
  const behind = norm ?? before.at(-1)?.sum.normsAfter[0]?.kind;
  return words === undefined
    ? {}
    : {
        embedding: {
          vocabulary: words.rows,
          width: words.width,
          parameters: words.rows * words.width,
          ...(scale === undefined ? {} : { scale }),
          ...(behind === undefined ? {} : { norm: behind }),
          isTied: false,
        },
      };
}

function distinct(schemes: readonly PositionScheme[]): PositionScheme[] {
  const byText = new Map(schemes.map((scheme) => [JSON.stringify(scheme), scheme]));
  return [...byText.values()];
}
