import { Failure, phrase } from '../shared/failure';
import { AttentionOrigins } from './attentionOrigin';
import { attentionsIn } from './attentionPattern';
import type { Attention } from './attentionPattern';
import { branchesIn } from './branches';
import { Dataflow } from './dataflow';
import type { AttentionTap, BranchPlace, GraphRole, Node, OnnxModel } from './model';
import { modulePath, modulePlace } from './modulePath';
import type { ModulePlace } from './modulePath';
import { innerGraphs } from './tensors';

/**
 * Finds every attention layer of a graph: those of an encoder first, then a decoder's attention to
 * its own tokens, then that to the encoder's; each in the order of the layers.
 *
 * A layer is recognised by its dataflow, Softmax(Q·Kᵀ …) … · V (Vaswani et al. 2017, section
 * 3.2.1), in the two forms that `transformers` exports:
 * - eager: `MatMul → Mul | Div → Add → Softmax → [Cast] → MatMul`;
 * - sdpa: `MatMul → Add → Softmax → IsNaN → Where → MatMul`.
 *
 * The value to fetch is the left operand of the second product and not the Softmax's own result,
 * which is NaN in rows where everything is masked.
 *
 * Its kind is told by the dataflow as well. Attention is cross attention if its queries come from
 * an input of the model that its keys do not come from: the encoder's states, or keys made of them
 * in an earlier step. Attention of a file with no other role is masked if positions are compared in
 * it, or if it takes keys of earlier steps. Where the dataflow does not tell, the names of modules
 * do.
 *
 * A merged decoder has its layers in the branches of an `If`. Those of the branch that is taken
 * when the switch is false, which starts without a cache, are found.
 *
 * @param file What to call the model in error messages; a name like `encoder_model.onnx` also tells
 *   its role.
 * @param given The role of the file, where the caller knows it.
 * @throws Failure of kind `unsupported` if attention is fused into one operator, lies in an inner
 *   graph that is no such branch, does not fit the role, or if there is none.
 */
export function findAttentionTaps(
  model: OnnxModel,
  file: string,
  given?: GraphRole,
): AttentionTap[] {
  refuseFused(model, file);
  const origins = new AttentionOrigins();
  const found = findIn(model, file).map((one) => classify(one, origins));
  const [first] = found;
  if (first === undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The graph has no attention layer of a form that Headlight knows'),
      where: file,
      todo: phrase(
        'if the model is a Transformer, export it again with attn_implementation="eager"',
      ),
    });
  }
  const role = given ?? roleOf(model, found, file, origins);
  const crossing = found.find(({ crosses }) => crosses);
  if (role !== 'decoder' && crossing !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The graph has cross attention, which only the decoder beside an encoder has'),
      where: place(file, crossing.attention.softmax),
      todo: phrase('choose the folder of the whole model, with its encoder and its decoder'),
    });
  }
  const encoded = new Set(found.flatMap(({ crosses, keys }) => (crosses ? [...keys] : [])));
  return STACKS.flatMap((stack) =>
    taps(
      found.filter((one) => isIn(stack, one, role, encoded)),
      stack,
      role,
    ),
  );
}

/** A group of layers that are counted together. */
type Stack = Pick<AttentionTap, 'component' | 'kind'>;

/** In the order of computation, as far as there is one. */
const STACKS: readonly Stack[] = [
  { component: 'encoder', kind: 'self' },
  { component: 'decoder', kind: 'masked' },
  { component: 'decoder', kind: 'cross' },
];

/** An attention, and the graph that it was found in. */
interface Found {
  attention: Attention;
  flow: Dataflow;
  /** Absent in the model's own graph. */
  branch?: Omit<BranchPlace, 'value'>;
}

/** What the dataflow tells of an attention, or else the names of modules. */
interface Classified extends Found {
  module: ModulePlace;
  crosses: boolean;
  /** Inputs that queries and keys come from; empty if that is not known. */
  queries: ReadonlySet<string>;
  keys: ReadonlySet<string>;
}

function findIn({ graph, opsets }: OnnxModel, file: string): Found[] {
  const opset = opsets.get('') ?? 0;
  const flow = new Dataflow(graph);
  const own = attentionsIn(graph, flow, opset).map((attention) => ({ attention, flow }));
  const inner = branchesIn(graph, flow, opset, (node) => {
    throw branchRefused(node, file);
  });
  return [
    ...own,
    ...inner.flatMap(({ flow, attentions, ...branch }) =>
      attentions.map((attention) => ({ attention, flow, branch })),
    ),
  ];
}

function classify(found: Found, origins: AttentionOrigins): Classified {
  const module = modulePlace(modulePath(found.attention.softmax));
  const sources = origins.sources(found.attention, found.flow);
  if (sources === undefined) {
    return { ...found, module, crosses: module.crosses, queries: new Set(), keys: new Set() };
  }
  const { queries, keys } = sources;
  const crosses = [...queries].some((source) => !keys.has(source));
  return { ...found, module, crosses, queries, keys };
}

/** The role of a file that nobody tells. */
function roleOf(
  { graph }: OnnxModel,
  found: readonly Classified[],
  file: string,
  origins: AttentionOrigins,
): GraphRole {
  if (found.some(({ crosses }) => crosses)) {
    return 'decoder';
  }
  if (/(^|[\\/])encoder_model[^\\/]*$/.test(file)) {
    return 'encoder';
  }
  const goesOn = graph.inputs.some(({ name }) => name.startsWith('past_key_values.'));
  return goesOn || found.some(({ attention, flow }) => origins.isMaskedByOrder(attention, flow))
    ? 'decoder-only'
    : 'encoder-only';
}

/** @param encoded inputs that the keys of cross attention come from. */
function isIn(
  { component, kind }: Stack,
  { crosses, queries }: Classified,
  role: GraphRole,
  encoded: ReadonlySet<string>,
): boolean {
  if (crosses || kind === 'cross') {
    return crosses && kind === 'cross';
  }
  const isEncoder =
    role === 'decoder'
      ? // A file with both stacks: the encoder sees nothing but what cross attention looks at.
        queries.size > 0 && [...queries].every((source) => encoded.has(source))
      : role !== 'decoder-only';
  return isEncoder === (component === 'encoder');
}

function taps(found: readonly Classified[], stack: Stack, role: GraphRole): AttentionTap[] {
  const layers = layerNumbers(found.map(({ module }) => module));
  return found
    .map(({ attention, flow, branch }, index): AttentionTap => {
      const layer = layers[index] ?? index;
      const id = siteId(stack, layer, role);
      const dtype = flow.dtype(attention.probabilities);
      return {
        id,
        ...stack,
        layer,
        ...(branch === undefined
          ? { value: attention.probabilities }
          : {
              value: `${id}.hook_pattern`,
              branch: { ...branch, value: attention.probabilities },
            }),
        ...(dtype === undefined ? {} : { dtype }),
      };
    })
    .sort((a, b) => a.layer - b.layer);
}

/** As TransformerLens names the layers of GPT-2 and BERT, and, with the stack in front, of T5. */
function siteId({ component, kind }: Stack, layer: number, role: GraphRole): string {
  const stack = role === 'decoder-only' || role === 'encoder-only' ? '' : `${component}.`;
  return `${stack}blocks.${layer}.${kind === 'cross' ? 'cross_attn' : 'attn'}`;
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

function branchRefused(node: Node, file: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase(
      'Attention lies inside the operator {0} in a way that Headlight does not know',
      node.opType,
    ),
    where: place(file, node),
    todo: phrase('use a file that is not merged, such as model.onnx or decoder_model.onnx'),
  });
}

/** A node of a file, as failures name it. */
function place(file: string, node: Node): string {
  return node.name === '' ? file : `${file}: ${node.name}`;
}
