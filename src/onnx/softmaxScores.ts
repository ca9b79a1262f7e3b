import type { AttentionTap, IfBranch, Node, OnnxModel } from './model';
import type { NewNode } from './protoWriter';

/** The first version of `Softmax` that is over the last axis where none is given. */
const LAST_AXIS_OPSET = 13;

/** A node that is there or that is added, as far as it matters here. */
interface Step {
  opType: string;
  domain: string;
  inputs: readonly string[];
  axis: number | undefined;
}

/**
 * The value that a tap's probabilities are the Softmax of; undefined if they are not one over the
 * last axis, or not in the precision that it was computed in.
 *
 * `Where(IsNaN(p), 0, p)`, which follows the Softmax in exports of PyTorch's sdpa, is looked
 * through: it changes rows without any score alone.
 */
export function softmaxScores(model: OnnxModel, tap: AttentionTap): string | undefined {
  if (tap.dtype !== 'float32') {
    return undefined;
  }
  const producer = producers(model, tap);
  const last = producer(tap.branch?.value ?? tap.value);
  const softmax = last?.opType === 'Where' ? guarded(last, producer) : last;
  const opset = model.opsets.get('') ?? LAST_AXIS_OPSET;
  const axis = softmax?.axis ?? (opset < LAST_AXIS_OPSET ? undefined : -1);
  return softmax?.opType === 'Softmax' && softmax.domain === '' && (axis === -1 || axis === 3)
    ? softmax.inputs[0]
    : undefined;
}

type Producer = (value: string | undefined) => Step | undefined;

function guarded({ inputs }: Step, producer: Producer): Step | undefined {
  const [condition, , probabilities] = inputs;
  const isNaN = producer(condition);
  return isNaN?.opType === 'IsNaN' && isNaN.inputs[0] === probabilities
    ? producer(probabilities)
    : undefined;
}

function producers({ graph }: OnnxModel, { added, branch }: AttentionTap): Producer {
  const nodes =
    branch === undefined ? graph.nodes : bodyOf(graph.nodes[branch.node], branch.branch);
  return (value) => {
    const own = (added?.nodes ?? []).find(({ outputs }) => outputs.includes(value ?? ''));
    if (own !== undefined) {
      return stepOfNew(own);
    }
    const node = nodes.find(({ outputs }) => outputs.includes(value ?? ''));
    return node && stepOf(node);
  };
}

function bodyOf(node: Node | undefined, branch: IfBranch): readonly Node[] {
  const body = node?.attributes.get(branch);
  return body?.kind === 'graph' ? body.value.nodes : [];
}

function stepOf({ opType, domain, inputs, attributes }: Node): Step {
  const axis = attributes.get('axis');
  return { opType, domain, inputs, axis: axis?.kind === 'int' ? axis.value : undefined };
}

function stepOfNew({ opType, domain = '', inputs, attributes }: NewNode): Step {
  const axis = attributes?.['axis'];
  return { opType, domain, inputs, axis: axis?.kind === 'int' ? axis.value : undefined };
}
