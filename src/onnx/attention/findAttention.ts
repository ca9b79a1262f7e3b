import { Failure, phrase } from '../../shared/failure';
import { operatorName } from '../graph/operators';
import { bodyOf } from '../graph/walk';
import type { Attention } from './attention';
import { AttentionOrigins } from './origin';
import { weighsTokens } from './blockwise';
import { attentionsOf, hasAttention, type FileContext } from './attentionsOf';
import { branchesIn } from './branches';
import { Dataflow } from '../graph/dataflow';
import { hasIntegerSoftmax, INTEGER_SOFTMAX, operatorsWithoutMap } from './fused/withoutMap';
import { GraphBuilder } from '../graph/graphBuilder';
import type { Node, OnnxModel } from '../graph/model';
import type { AttentionTap, BranchPlace, GraphRole } from './tap';
import { modulePlace, type ModulePlace } from '../graph/modulePath';

/**
 * Finds every attention layer of a graph: those of an encoder first, then a decoder's attention to
 * its own tokens, then that to the encoder's; each in the order of the layers.
 *
 * A layer is recognised by its dataflow, Softmax(Q·Kᵀ …) … · V (Vaswani et al. 2017, section
 * 3.2.1), in the two forms that `transformers` exports and in what optimizers make of them:
 * - eager: `MatMul → Mul | Div → Add → Softmax → [Cast] → MatMul`;
 * - sdpa: `MatMul → Add → Softmax → IsNaN → Where → MatMul`;
 * or by an operator that all of it is fused into, whose map is then computed by added nodes.
 *
 * The value to fetch is the left operand of the second product and not the Softmax's own result,
 * which is NaN in rows where everything is masked.
 *
 * Its kind is told by the dataflow as well. Attention is cross attention if its queries come from
 * an input of the model that its keys do not come from: the encoder's states, or keys made of them
 * in an earlier step. Attention of a file with no other role is masked if positions are compared in
 * it, or if it takes keys of earlier steps. Where the dataflow does not tell, as where a decoder of
 * pictures begins with learned queries, the names of modules do. Layers that but gather a text by
 * learned queries are left out: the rows of their maps are no tokens.
 *
 * A merged decoder has its layers in the branches of an `If`. Those of the branch that is taken
 * when the switch is false, which starts without a cache, are found.
 *
 * @param file What to call the model in error messages; a name like `encoder_model.onnx` also tells
 *   its role.
 * @param given The role of the file, where the caller knows it.
 * @throws Failure of kind `unsupported` if attention is fused into an operator whose map cannot be
 *   had, lies in a function or in an inner graph that is no such branch, does not fit the role, if
 *   there is none or too many; of kind `model` if the graph goes in a circle.
 */
export function findAttentionTaps(
  model: OnnxModel,
  file: string,
  given?: GraphRole,
): AttentionTap[] {
  return findAttentionLayers(model, file, given).map(tapOf);
}

/** An attention layer of a graph: which one of its model it is, and what it is made of. */
export interface AttentionLayer extends Pick<AttentionTap, 'id' | 'component' | 'kind' | 'layer'> {
  attention: Attention;
  /** Where it is, if it is in a branch of an `If`. */
  branch?: Omit<BranchPlace, 'value'>;
}

/**
 * What {@link findAttentionTaps} taps, in the same order.
 * @throws Failure as it does.
 */
export function findAttentionLayers(
  model: OnnxModel,
  file: string,
  given?: GraphRole,
): AttentionLayer[] {
  const functions = new Set(
    model.functions.map(({ domain, name }) => operatorName({ domain, opType: name })),
  );
  const context: FileContext = {
    opset: model.opsets.get('') ?? 0,
    functions: model.functions,
    isCall: (node) => functions.has(operatorName(node)),
    where: (node) => place(file, node),
  };
  refuseFunctions(context, file);
  const origins = new AttentionOrigins();
  const all = findIn(model, context);
  if (all.length > MOST_ATTENTIONS) {
    throw tooMany(all.length, file);
  }
  const found = all
    .map((one) => classify(one, origins))
    .filter(({ crosses, attention, flow }) => crosses || !origins.asksLearned(attention, flow));
  if (found.length === 0) {
    throw nothingFound(model, file);
  }
  const role = given ?? roleOf(model, found, file, origins);
  const crossing = found.find(({ crosses }) => crosses);
  if (role !== 'decoder' && crossing !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The graph has cross attention, which only the decoder beside an encoder has'),
      where: place(file, crossing.attention.node),
      remedy: phrase('choose the folder of the whole model, with its encoder and its decoder'),
    });
  }
  const encoded = new Set(found.flatMap(({ crosses, keys }) => (crosses ? [...keys] : [])));
  const firstCrossing = found.findIndex(({ crosses }) => crosses);
  return STACKS.flatMap((stack) =>
    layersOf(
      found.filter((one, index) => isIn(stack, one, role, index < firstCrossing, encoded)),
      stack,
      role,
    ),
  );
}

/**
 * Attention layers of a file. The largest models have 126, and those with an encoder three times
 * some tens; each gets a hundred nodes of ours, so that a small file could ask for millions.
 */
const MOST_ATTENTIONS = 256;

/** Inputs with keys and values of earlier steps: `past_key_values.0.key`, `past_0`, `past.0.key`. */
const PAST = /^past(_key_values)?[._]/;

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

function findIn({ graph }: OnnxModel, context: FileContext): Found[] {
  const flow = new Dataflow(graph);
  const own = attentionsOf(graph, flow, context).map((attention) => ({ attention, flow }));
  const inner = branchesIn(graph, flow, context, (node) => {
    throw branchRefused(node, context.where(node));
  });
  return [
    ...own,
    ...inner.flatMap(({ flow, attentions, ...branch }) =>
      attentions.map((attention) => ({ attention, flow, branch })),
    ),
  ];
}

function classify(found: Found, origins: AttentionOrigins): Classified {
  const module = modulePlace(found.attention.node);
  const sources = origins.sources(found.attention, found.flow);
  if (sources === undefined) {
    return { ...found, module, crosses: module.crosses, queries: new Set(), keys: new Set() };
  }
  const { queries, keys } = sources;
  const crosses = module.crosses || [...queries].some((source) => !keys.has(source));
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
  const goesOn = graph.inputs.some(({ name }) => PAST.test(name));
  return goesOn || found.some(({ attention, flow }) => origins.isMaskedByOrder(attention, flow))
    ? 'decoder-only'
    : 'encoder-only';
}

/**
 * @param precedes whether it comes before all cross attention.
 * @param encoded inputs that the keys of cross attention come from.
 */
function isIn(
  { component, kind }: Stack,
  { crosses, queries }: Classified,
  role: GraphRole,
  precedes: boolean,
  encoded: ReadonlySet<string>,
): boolean {
  if (crosses || kind === 'cross') {
    return crosses && kind === 'cross';
  }
  const isEncoder =
    role === 'decoder'
      ? // A file with both stacks: the encoder sees nothing but what cross attention looks at.
        precedes && queries.size > 0 && [...queries].every((source) => encoded.has(source))
      : role !== 'decoder-only';
  return isEncoder === (component === 'encoder');
}

function layersOf(found: readonly Classified[], stack: Stack, role: GraphRole): AttentionLayer[] {
  const layers = layerNumbers(found.map(({ module }) => module));
  return found
    .map(({ attention, branch }, index): AttentionLayer => {
      const layer = layers[index] ?? index;
      const id = siteId(stack, layer, role);
      return { id, ...stack, layer, attention, ...(branch === undefined ? {} : { branch }) };
    })
    .sort((a, b) => a.layer - b.layer);
}

function tapOf({ id, component, kind, layer, attention, branch }: AttentionLayer): AttentionTap {
  const { value, added } = mapIn(attention, id);
  const { dtype } = attention;
  return {
    id,
    component,
    kind,
    layer,
    ...(branch === undefined
      ? { value }
      : { value: `${id}.hook_pattern`, branch: { ...branch, value } }),
    ...(added === undefined ? {} : { added }),
    ...(dtype === undefined ? {} : { dtype }),
  };
}

/** The value that holds an attention's map, and what must be added to the graph to have it. */
function mapIn({ map }: Attention, id: string): Pick<AttentionTap, 'value' | 'added'> {
  if (map.kind === 'value') {
    return { value: map.value };
  }
  const addition = new GraphBuilder(`${id}.added`);
  return { value: map.build(addition), added: addition.parts };
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

/** Functions of a file stand in several places at once, so that nothing in them can be tapped. */
function refuseFunctions(context: FileContext, file: string): void {
  for (const called of context.functions) {
    const { domain, name } = called;
    const body = bodyOf(called);
    if (hasAttention(body, new Dataflow(body), context)) {
      throw new Failure({
        kind: 'unsupported',
        what: phrase(
          'Attention lies inside the function {0}, from which nothing can be fetched',
          operatorName({ domain, opType: name }),
        ),
        where: file,
        remedy: phrase('inline the functions of the file, with onnx.inliner for instance'),
      });
    }
  }
}

function tooMany(count: number, file: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase(
      'The graph has {0} attention layers, and at most {1} are tapped',
      count,
      MOST_ATTENTIONS,
    ),
    where: file,
    remedy: phrase(
      'check where the file comes from; if you trust it, report that the limit is too low',
    ),
  });
}

function nothingFound({ graph }: OnnxModel, file: string): Failure {
  if (hasIntegerSoftmax(graph.nodes)) {
    return new Failure({
      kind: 'unsupported',
      what: phrase(
        'The operator {0} has probabilities in 8 bits, out of which Headlight reads no attention map',
        INTEGER_SOFTMAX,
      ),
      where: file,
      remedy: phrase(
        'use another file of the model, or quantize it again with quant_format=QuantFormat.QDQ',
      ),
    });
  }
  const [other] = operatorsWithoutMap(graph.nodes);
  if (weighsTokens(graph)) {
    return new Failure({
      kind: 'unsupported',
      what: phrase(
        'The graph has no attention layer of a form that Headlight knows; it may compute attention in parts, such as blocks, windows or landmarks, so that no value holds a whole map',
      ),
      where: file,
      remedy: phrase(
        'choose a model with full attention; that of some families can be exported with it (BigBird: attention_type="original_full")',
      ),
    });
  }
  return new Failure({
    kind: 'unsupported',
    what:
      other === undefined
        ? phrase('The graph has no attention layer: no Softmax weighs its tokens')
        : phrase(
            'The graph brings tokens together by {0}, a kind of layer that has no attention map',
            other,
          ),
    where: file,
    remedy: phrase('choose a model with softmax attention, as in the original Transformer'),
  });
}

function branchRefused(node: Node, where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase(
      'Attention lies inside the operator {0} in a way that Headlight does not know',
      node.opType,
    ),
    where,
    remedy: phrase('use a file that is not merged, such as model.onnx or decoder_model.onnx'),
  });
}

/** A node of a file, as failures name it. */
function place(file: string, node: Node): string {
  return node.name === '' ? file : `${file}: ${node.name}`;
}
