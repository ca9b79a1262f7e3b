import { Dataflow } from '../onnx/graph/dataflow';
import type { DType, Graph, Node, OnnxModel, TensorRef } from '../onnx/graph/model';
import { elementCount } from '../onnx/graph/elementCount';
import { moduleName } from '../onnx/graph/modulePath';
import { inputsOf } from '../onnx/graph/operatorInputs';
import { addsToLogits } from '../onnx/graph/outputLayer';
import { innerGraphs } from '../onnx/graph/walk';
import { packedOperands } from './fusedAttention';
import { isConv1D, isSameName, ownName, parentOf } from './parameterNames';
import { operandsOf, type Operand } from './operands';
import { dimsOf, type BoundParameter, type BoundWeights, type StoredParameter } from './parameters';
import { storedParameter, quantizationByName } from './storedParameter';

/** Element types of weights that are not quantised. */
const FLOATS: ReadonlySet<DType> = new Set(['float32', 'float16', 'bfloat16', 'float64']);

/** Nodes between a product and the addition of its bias. Quantised ones have three. */
const BIAS_STEPS = 4;

/**
 * A product that was a `Gemm` before ONNX Runtime's quantiser made a `MatMul` of it. It transposes
 * the weight of one that had it [out, in], and leaves the name as it is.
 */
const FORMER_GEMM = /(Gemm|linear)(_\d+)?_MatMul(_quant)?$/;

/**
 * Finds the tensors of an ONNX file that stand for parameters, under the names that Hugging Face's
 * `transformers` gives these. No element is read.
 *
 * Exporters keep the names of biases, norms, embeddings and GPT-2's `Conv1D`, but transpose the
 * weights of linear layers and name them anew (`onnx::MatMul_406`, `val_9`). Such a tensor is named
 * by the module of the node that uses it, and by what it is to that node. Tensors that are alike are
 * stored once by the exporters, so one may stand for many parameters; a tied weight may be stored
 * twice. Branches of `If`, quantisation and ONNX Runtime's packed attention are seen through.
 *
 * The root of the names is the module that was exported: an encoder alone has `layers.0.fc1.weight`
 * for `model.encoder.layers.0.fc1.weight`; {@link matchNames} finds the difference.
 */
export function bindWeights(model: OnnxModel): BoundWeights {
  const binding = new Binding(model.producer.name === BUILDER);
  binding.visit(model.graph, undefined);
  return binding.finish();
}

/** How ONNX Runtime's model builder signs. It makes 1 + weight of Gemma's norms, under their names. */
const BUILDER = 'onnxruntime-genai';

/** Why a tensor is thought to be a parameter. */
interface Claim {
  name: string;
  stored: StoredParameter;
  dims: number[];
  from: BoundParameter['from'];
  altered: boolean;
  /** The graph with the node that uses the tensor. */
  graph: Graph;
}

class Binding {
  /** @param isBuilt whether ONNX Runtime's model builder wrote the file. */
  constructor(private readonly isBuilt: boolean) {}

  private readonly claims: Claim[] = [];
  /** Every tensor that could be a parameter, with the graph that it belongs to. */
  private readonly candidates = new Map<TensorRef, Graph>();
  /** How tensors were met. */
  private readonly met = new Map<TensorRef, { stored: StoredParameter; formerGemm: boolean }>();
  /** Kernels that the norm behind a convolution was multiplied into. They keep their names. */
  private readonly folded = new Set<TensorRef>();
  /** Scales, zero points, tables of angles. */
  private readonly aids = new Set<TensorRef>();

  visit(graph: Graph, outer: Dataflow | undefined): void {
    const flow = new Dataflow(graph, outer);
    for (const tensor of graph.initializers) {
      const quantization = quantizationByName(tensor, flow);
      this.candidates.set(tensor, graph);
      if (quantization !== undefined) {
        this.note({ tensor, transposed: false, quantization }, false);
      }
    }
    for (const node of graph.nodes) {
      const kernel = hasFoldedNorm(node) ? flow.storedTensor(node.inputs[1]) : undefined;
      if (kernel !== undefined) {
        this.folded.add(kernel);
      }
      const { scales = [], angles = [] } = inputsOf(node);
      for (const input of [...scales, ...angles]) {
        const aid = flow.storedTensor(node.inputs[input]);
        if (aid !== undefined) {
          this.aids.add(aid);
        }
      }
      for (const operand of operandsOf(node, flow)) {
        this.takeOperand(node, operand, flow);
      }
      for (const { name, stored } of packedOperands(node, flow)) {
        this.note(stored, false);
        const dims = dimsOf(stored);
        this.claims.push({ name, stored, dims, from: 'use', altered: false, graph });
      }
      for (const inner of innerGraphs(node)) {
        this.visit(inner, flow);
      }
    }
  }

  finish(): BoundWeights {
    const used = new Set(this.claims.map(({ stored }) => stored.tensor));
    for (const [tensor, graph] of this.candidates) {
      this.claimByName(tensor, graph, used.has(tensor));
    }
    const byName = new Map<string, Claim[]>();
    for (const claim of this.claims) {
      if (!this.aids.has(claim.stored.tensor)) {
        listIn(byName, claim.name).push(claim);
      }
    }
    const parameters = new Map<string, BoundParameter>();
    for (const [name, claims] of byName) {
      const parameter = settled(name, claims);
      if (parameter !== undefined) {
        parameters.set(name, parameter);
      }
    }
    shareNames(parameters);
    return { parameters, unbound: this.unbound(parameters) };
  }

  private takeOperand(node: Node, operand: Operand, flow: Dataflow): void {
    const { parameter, stored, dims, linear } = operand;
    if (!isWeight(stored)) {
      return;
    }
    this.note(stored, linear && FORMER_GEMM.test(node.name));
    const own = ownName(stored.tensor.name);
    const module = linear ? moduleName(node) || moduleByBias(node, flow) : moduleName(node);
    const name = module === '' ? undefined : `${module}.${parameter}`;
    if (module === '' && addsToLogits(node, flow)) {
      const claim = { name: LOGITS_BIAS, stored, dims: dimsOf(stored), graph: flow.graph };
      this.claims.push({ ...claim, from: 'use', altered: false });
    }
    if (name === undefined || (own.written !== undefined && isOwnUse(own.written, module, name))) {
      return;
    }
    const altered = own.computed && !linear;
    this.claims.push({ name, stored, dims, from: 'use', altered, graph: flow.graph });
  }

  /** Notes what a use tells of a tensor. */
  private note(stored: StoredParameter, formerGemm: boolean): void {
    const { tensor, quantization } = stored;
    if (this.met.get(tensor)?.stored.quantization === undefined || formerGemm) {
      this.met.set(tensor, { stored, formerGemm });
    }
    if (quantization !== undefined) {
      this.aids.add(quantization.scale);
      if (quantization.zeroPoint !== undefined) {
        this.aids.add(quantization.zeroPoint);
      }
    }
  }

  /** Binds a tensor to the name that it carries, in the layout that it has then. */
  private claimByName(tensor: TensorRef, graph: Graph, isUsed: boolean): void {
    const use = this.met.get(tensor);
    const quantization = use?.stored.quantization;
    const own = ownName(tensor.name);
    const name = own.full ?? (isUsed || elementCount(tensor.dims) < 2 ? undefined : own.root);
    if (name === undefined) {
      return;
    }
    const transposed =
      tensor.dims.length === 2 &&
      (quantization === undefined || quantization.kind === 'linear') &&
      (own.transposed || (use?.formerGemm === true && !isConv1D(name)));
    const stored = { tensor, transposed, ...(quantization === undefined ? {} : { quantization }) };
    if (isWeight(stored)) {
      const dims = dimsOf(stored);
      const altered = this.folded.has(tensor) || (this.isBuilt && /norm\.weight$/.test(name));
      this.claims.push({ name, stored, dims, from: 'name', altered, graph });
    }
  }

  private unbound(parameters: ReadonlyMap<string, BoundParameter>): StoredParameter[] {
    const bound = new Set<TensorRef>();
    for (const { tensor, copies } of parameters.values()) {
      bound.add(tensor);
      for (const copy of copies) {
        bound.add(copy.tensor);
      }
    }
    return [...this.candidates.keys()]
      .filter(
        (tensor) =>
          !bound.has(tensor) &&
          !this.aids.has(tensor) &&
          (FLOATS.has(tensor.dtype) || this.met.has(tensor)) &&
          elementCount(tensor.dims) > 1,
      )
      .map((tensor) => this.met.get(tensor)?.stored ?? { tensor, transposed: false });
  }
}

/**
 * Whether PyTorch's newer exporter has folded a batch norm into a convolution without a bias: it
 * gives it one that is called after the kernel.
 */
function hasFoldedNorm({ opType, inputs: [, kernel = '', bias] }: Node): boolean {
  return opType === 'Conv' && bias === `${kernel}_bias`;
}

/** Whether the elements of a tensor are real numbers, as those of a parameter. */
function isWeight({ tensor, quantization }: StoredParameter): boolean {
  return FLOATS.has(tensor.dtype) || quantization !== undefined;
}

/**
 * Whether a tensor is used where its name says, so that the use tells nothing new: in its own module
 * or in one around it.
 */
function isOwnUse(own: string, module: string, name: string): boolean {
  const parent = parentOf(own);
  return isSameName(own, name) || parent === module || own.startsWith(`${module}.`);
}

/**
 * Chooses the tensor of a parameter. One that carries the name comes first. Others of its shape are
 * copies; but if none carries the name, two tensors of one graph cannot be told apart.
 */
function settled(name: string, claims: readonly Claim[]): BoundParameter | undefined {
  const first = claims.find(({ from }) => from === 'name') ?? claims[0];
  if (first === undefined) {
    return undefined;
  }
  const { stored, dims, from, altered, graph } = first;
  const others = new Map<TensorRef, Claim>();
  for (const claim of claims) {
    if (claim.stored.tensor !== stored.tensor) {
      others.set(claim.stored.tensor, claim);
    }
  }
  if (from === 'use' && [...others.values()].some((other) => other.graph === graph)) {
    return undefined;
  }
  const copies = [...others.values()]
    .filter((other) => isSameShape(other.dims, dims))
    .map((other) => other.stored);
  return { name, ...stored, dims, from, altered, names: [name], copies };
}

/** In the place of where a part begins. */
const WHOLE = -1;

/** Gives parameters that are one tensor, or the same part of one, one list of their names. */
function shareNames(parameters: ReadonlyMap<string, BoundParameter>): void {
  const groups = new Map<TensorRef, Map<number, string[]>>();
  for (const parameter of parameters.values()) {
    const { tensor, part } = parameter;
    const parts = groups.get(tensor) ?? new Map<number, string[]>();
    groups.set(tensor, parts);
    parameter.names = listIn(parts, part?.start ?? WHOLE);
    parameter.names.push(parameter.name);
  }
}

/** The one parameter that models themselves add. */
const LOGITS_BIAS = 'final_logits_bias';

/** Inputs that a bias comes in by, of the operators that add it behind a product. */
const BIAS_INPUTS: ReadonlyMap<string, readonly number[]> = new Map([
  ['Gemm', [2]],
  ['Add', [0, 1]],
  ['BiasGelu', [1]],
  ['FastGelu', [1]],
  ['SkipLayerNormalization', [4]],
]);

/** The module of a product that tells none, by the bias that is added to it under its own name. */
function moduleByBias(product: Node, flow: Dataflow): string {
  let node: Node | undefined = product;
  for (let step = 0; step < BIAS_STEPS && node !== undefined; step++) {
    for (const input of BIAS_INPUTS.get(node.opType) ?? []) {
      const bias = storedParameter(node.inputs[input], flow)?.tensor;
      const own = bias?.dims.length === 1 ? ownName(bias.name).full : undefined;
      if (own?.endsWith('.bias') === true) {
        return parentOf(own);
      }
    }
    const isOnTheWay: boolean = node === product || node.opType === 'Cast' || node.opType === 'Mul';
    node = isOnTheWay ? flow.uses(node.outputs[0])[0]?.node : undefined;
  }
  return '';
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** The list at a key, which is made where there is none. */
function listIn<K, V>(map: Map<K, V[]>, key: K): V[] {
  const known = map.get(key);
  const list = known ?? [];
  if (known === undefined) {
    map.set(key, list);
  }
  return list;
}
