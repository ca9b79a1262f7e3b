import { Failure, phrase } from '../shared/failure';
import { attentionsIn } from './attentionPattern';
import type { Attention } from './attentionPattern';
import { Dataflow } from './dataflow';
import { innerGraphs } from './tensors';
import type { AttentionTap, Graph, Node, OnnxModel } from './model';
import { modulePath, modulePlace } from './modulePath';
import type { ModulePlace } from './modulePath';

/**
 * Finds every attention layer of a decoder-only model, in the order of the layers.
 *
 * A layer is recognised by its dataflow, Softmax(Q·Kᵀ …) … · V (Vaswani et al. 2017, section
 * 3.2.1), in the two forms that `transformers` exports:
 * - eager: `MatMul → Mul | Div → Add → Softmax → [Cast] → MatMul`;
 * - sdpa: `MatMul → Add → Softmax → IsNaN → Where → MatMul`.
 *
 * The value to fetch is the left operand of the second product and not the Softmax's own result,
 * which is NaN in rows where everything is masked.
 *
 * A graph does not say in general whether its attention is masked. That the model is decoder-only
 * is for the caller to know, from `config.json`; module paths that tell otherwise are noticed.
 *
 * @param file What to call the model in error messages.
 * @throws Failure of kind `unsupported` if attention is fused into one operator, lies in a branch
 *   of `If`, belongs to an encoder or to cross attention, or if there is none.
 */
export function findAttentionTaps(model: OnnxModel, file: string): AttentionTap[] {
  const opset = model.opsets.get('') ?? 0;
  const flow = new Dataflow(model.graph);
  const attentions = attentionsIn(model.graph, flow, opset);
  refuseFused(model, file);
  refuseBranches(model.graph, opset, file);
  if (attentions.length === 0) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The graph has no attention layer of a form that Headlight knows'),
      where: file,
      todo: phrase(
        'if the model is a Transformer, export it again with attn_implementation="eager"',
      ),
    });
  }
  const places = attentions.map(({ softmax }) => modulePlace(modulePath(softmax)));
  refuseOtherStacks(attentions, places, file);
  const layers = layerNumbers(places);
  return attentions
    .map(({ probabilities }, index): AttentionTap => {
      const layer = layers[index] ?? index;
      const dtype = flow.dtype(probabilities);
      return {
        id: `blocks.${layer}.attn`,
        component: 'decoder',
        kind: 'masked',
        layer,
        value: probabilities,
        ...(dtype === undefined ? {} : { dtype }),
      };
    })
    .sort((a, b) => a.layer - b.layer);
}

/**
 * Layer numbers from the module paths if every attention has one of its own, as it has not where
 * layers share their weights (ALBERT); else counted in the order of the nodes, which ONNX requires
 * to be that of computation.
 */
function layerNumbers(places: readonly ModulePlace[]): number[] {
  const named = places.flatMap(({ layer }) => (layer === undefined ? [] : [layer]));
  return new Set(named).size === places.length ? named : places.map((_, index) => index);
}

function refuseFused({ graph, functions }: OnnxModel, file: string): void {
  const bodies = [graph.nodes, ...functions.map(({ nodes }) => nodes)];
  const fused = bodies.map(findFused).find((node) => node !== undefined);
  if (fused !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'Attention is fused into the operator {0}, which does not output its probabilities',
        `${fused.domain === '' ? 'ai.onnx' : fused.domain}.${fused.opType}`,
      ),
      where: place(file, fused),
      todo: phrase(
        'export the model again with attn_implementation="eager" and without a graph optimizer',
      ),
    });
  }
}

/** The names of all fused forms end alike: `Attention`, `GroupQueryAttention`, `QAttention` … */
function findFused(nodes: readonly Node[]): Node | undefined {
  for (const node of nodes) {
    const fused = /Attention$/.test(node.opType)
      ? node
      : innerGraphs(node)
          .map((graph) => findFused(graph.nodes))
          .find((inner) => inner !== undefined);
    if (fused !== undefined) {
      return fused;
    }
  }
  return undefined;
}

function refuseBranches(graph: Graph, opset: number, file: string): void {
  const outer = graph.nodes.find((node) =>
    innerGraphs(node).some((inner) => hasAttention(inner, opset)),
  );
  if (outer !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'Headlight cannot read attention inside the branches of {0}, as in merged decoders',
        outer.opType,
      ),
      where: place(file, outer),
      todo: phrase('use a file that is not merged, such as model.onnx or decoder_model.onnx'),
    });
  }
}

function hasAttention(graph: Graph, opset: number): boolean {
  return (
    attentionsIn(graph, new Dataflow(graph), opset).length > 0 ||
    graph.nodes.some((node) => innerGraphs(node).some((inner) => hasAttention(inner, opset)))
  );
}

function refuseOtherStacks(
  attentions: readonly Attention[],
  places: readonly ModulePlace[],
  file: string,
): void {
  const index = places.findIndex(({ kind }) => kind !== 'masked');
  const attention = attentions[index];
  if (attention !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The graph has attention that is not a decoder’s attention to its own tokens'),
      where: place(file, attention.softmax),
      todo: phrase('choose a decoder-only model, such as GPT-2 or Llama'),
    });
  }
}

/** A node of a file, as failures name it. */
function place(file: string, node: Node): string {
  return node.name === '' ? file : `${file}: ${node.name}`;
}
