import type { Attention } from './attention';
import { isConstantNode } from '../graph/constantNode';
import { operands, type Dataflow } from '../graph/dataflow';
import type { Node } from '../graph/model';

/**
 * Values looked at in one file, so that a file made to be slow is not. Those of the largest models
 * are about half as many; what is not learned here is then left to the names of modules.
 */
const SEARCH_STEPS = 2 ** 23;

/** Operators whose result depends on the size of what they take, and not on what is in it. */
const SIZES: ReadonlySet<string> = new Set(['Shape', 'Size']);

/** Operators that put their first input into another form, which the others tell. */
const FORMS: ReadonlySet<string> = new Set([
  'Reshape',
  'Expand',
  'Unsqueeze',
  'Squeeze',
  'Slice',
  'Split',
  'Tile',
]);

const COMPARISONS: ReadonlySet<string> = new Set([
  'Less',
  'LessOrEqual',
  'Greater',
  'GreaterOrEqual',
]);

/** Inputs that say which tokens there are and where, but not which words. */
const NO_CONTENT = /mask|position/;

/** Dimensions of what is computed of tokens: texts, tokens, features. */
const TOKEN_RANK = 3;

/** Inputs that hold positions. */
const POSITIONS = /position/;

/** Tells kinds of attention apart by what queries, keys and masks are computed from. */
export class AttentionOrigins {
  private stepsLeft = SEARCH_STEPS;
  /** To look through graphs inside nodes once. */
  private readonly operands = new Map<Node, readonly string[]>();

  /**
   * The inputs of the model that queries and keys are computed from, masks and positions apart.
   * Undefined if that takes too long, or if there are none that queries come from.
   */
  sources(
    attention: Attention,
    flow: Dataflow,
  ): { queries: ReadonlySet<string>; keys: ReadonlySet<string> } | undefined {
    const queries = this.contentOf(attention.queries, flow);
    const keys = this.contentOf(attention.keys, flow);
    return queries === undefined || keys === undefined || queries.size === 0
      ? undefined
      : { queries, keys };
  }

  /**
   * Whether queries are learned, the same for every text, while keys are of the text: its layer
   * gathers what the text has, and the rows of its map are no tokens.
   */
  asksLearned(attention: Attention, flow: Dataflow): boolean {
    const [ofQueries, ofKeys] = [attention.queries, attention.keys].map((values) =>
      this.search(
        values,
        flow,
        new Set(),
        (value, node) => node === undefined && !flow.isConstant(value),
      ),
    );
    return ofQueries === 'exhausted' && ofKeys === 'found';
  }

  /**
   * Whether the scores are masked by order: the operator does it, or what is added to them, or
   * chosen over them, is made with a triangle or by comparing positions with positions. Padding is
   * told by comparing with a single number or with lengths.
   */
  isMaskedByOrder({ isCausal, scores, products }: Attention, flow: Dataflow): boolean {
    if (isCausal) {
      return true;
    }
    const masked = this.search(scores, flow, new Set(products), (value, node) => {
      if (node === undefined) {
        return isTriangleStored(value, flow);
      }
      return (
        node.opType === 'Trilu' ||
        (COMPARISONS.has(node.opType) &&
          node.inputs.length === 2 &&
          node.inputs.every((operand) => this.isOfPositions(operand, flow)))
      );
    });
    return masked === 'found';
  }

  private contentOf(values: readonly string[], flow: Dataflow): ReadonlySet<string> | undefined {
    const sources = new Set<string>();
    const outcome = this.search(values, flow, new Set(), (value, node) => {
      if (node === undefined && isContent(value, flow)) {
        sources.add(value);
      }
      return false;
    });
    return outcome === 'stopped' ? undefined : sources;
  }

  /** Whether a value is computed from the places of several tokens. */
  private isOfPositions(value: string, flow: Dataflow): boolean {
    const outcome = this.search([value], flow, new Set(), (each, node) => {
      if (node?.opType === 'Range' || node?.opType === 'CumSum') {
        return true;
      }
      const isGiven = node === undefined || isConstantNode(node);
      return isGiven && (isList(each, flow) || (flow.isInput(each) && POSITIONS.test(each)));
    });
    return outcome === 'found';
  }

  /**
   * Goes back from values to everything that they are computed from, each once, until `isFound`.
   * @param barrier values that are not looked at, nor what they are computed from.
   */
  private search(
    from: readonly string[],
    flow: Dataflow,
    barrier: ReadonlySet<string>,
    isFound: (value: string, node: Node | undefined) => boolean,
  ): 'found' | 'exhausted' | 'stopped' {
    const seen = new Set(barrier).add('');
    const waiting = [...from];
    for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
      if (this.stepsLeft-- <= 0) {
        return 'stopped';
      }
      if (seen.has(value)) {
        continue;
      }
      seen.add(value);
      const node = flow.producer(value);
      if (isFound(value, node)) {
        return 'found';
      }
      for (const origin of node === undefined ? [] : this.originsOf(node)) {
        waiting.push(origin);
      }
    }
    return 'exhausted';
  }

  /** What the numbers in a node's result come from. */
  private originsOf(node: Node): readonly string[] {
    if (SIZES.has(node.opType)) {
      return [];
    }
    if (FORMS.has(node.opType)) {
      return node.inputs.slice(0, 1);
    }
    let known = this.operands.get(node);
    if (known === undefined) {
      known = operands(node);
      this.operands.set(node, known);
    }
    return known;
  }
}

/** Whether a value is an input that holds tokens, or what was computed of some. */
function isContent(value: string, flow: Dataflow): boolean {
  return flow.isInput(value) && !NO_CONTENT.test(value) && !isWeight(value, flow);
}

/**
 * Whether an input can only be a weight, which graphs for training are given: it has numbers of
 * fixed shape, in which there is no room for texts, tokens and features.
 */
function isWeight(value: string, flow: Dataflow): boolean {
  const shape = flow.shape(value);
  return (
    shape !== undefined &&
    shape.length < TOKEN_RANK &&
    shape.every((size) => typeof size === 'number') &&
    /float/.test(flow.dtype(value) ?? '')
  );
}

/** Whether a value holds several numbers that are the same in every run. */
function isList(value: string, flow: Dataflow): boolean {
  return flow.constant(value)?.dims?.some((size) => size > 1) === true;
}

/** Whether a value is a square of truth values, as GPT-2 keeps its mask among the weights. */
function isTriangleStored(value: string, flow: Dataflow): boolean {
  const constant = flow.constant(value);
  const [rows, columns] = constant?.dims?.slice(-2) ?? [];
  const isTruth = constant?.dtype === 'bool' || constant?.dtype === 'uint8';
  return isTruth && rows !== undefined && rows > 1 && rows === columns;
}
