import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { graphFields, secondGraph } from '../../src/onnx/file/writeModel';
import type { NewGraphParts, NewNode } from '../../src/onnx/graph/graphBuilder';
import { block, concatenate, integer } from '../../src/onnx/file/wireWriter';

/** Sizes of a GPT-2. */
export interface Gpt2Sizes {
  layers: number;
  heads: number;
  width: number;
  vocabulary: number;
  context: number;
}

/** GPT-2 small (Radford et al. 2019), but for the context, so that longer texts can be measured. */
export const GPT2_SMALL: Omit<Gpt2Sizes, 'context'> = {
  layers: 12,
  heads: 12,
  width: 768,
  vocabulary: 50257,
};

const FIELD = { irVersion: 1, graph: 7, opset: 8, graphName: 2, initializer: 5 } as const;
const TENSOR = { dim: 1, type: 2, name: 8, external: 13, location: 14 } as const;
const FLOAT = 1;
const INT8 = 3;
const EXTERNAL = 1;
const OPSET = 17;
const DATA = 'model.onnx_data';

/**
 * Writes a GPT-2 with random weights as `transformers` exports it in its eager form, without a
 * cache: `input_ids` [1, tokens] in, `logits` [1, tokens, vocabulary] out, weights in a file beside.
 * @param isQuantized whether the matrices of the layers are 8-bit integers with one scale each.
 * @returns the graph's file.
 */
export function writeGpt2(folder: string, sizes: Gpt2Sizes, isQuantized = false): string {
  const weights = new WeightFile(path.join(folder, DATA), isQuantized);
  const graph = new Gpt2Graph(sizes, weights).build();
  weights.close();
  const file = path.join(folder, 'model.onnx');
  const model = [
    integer(FIELD.irVersion, 8),
    secondGraph(concatenate([block(FIELD.graphName, 'gpt2'), graph, ...weights.fields])),
    block(FIELD.opset, integer(2, OPSET)),
  ];
  writeFileSync(file, concatenate(model));
  return file;
}

/** External data that is written tensor by tensor, and the initializers that refer to it. */
class WeightFile {
  readonly fields: Uint8Array[] = [];
  private readonly file: number;
  private offset = 0;
  private seed = 1;

  constructor(
    place: string,
    readonly isQuantized: boolean,
  ) {
    this.file = openSync(place, 'w');
  }

  /** Adds what {@link add} adds as 8-bit integers. @returns their name, and the scale of all. */
  addQuantized(
    name: string,
    dims: readonly number[],
    spread: number,
  ): { name: string; scale: number } {
    const scale = spread / 127;
    const values = this.numbers(dims, 0, spread);
    const integers = Int8Array.from(values, (value) => Math.round(value / scale));
    return { name: this.store(`${name}_quantized`, dims, INT8, integers), scale };
  }

  /** Adds a tensor of numbers that are spread evenly around a mean. */
  add(name: string, dims: readonly number[], mean: number, spread: number): string {
    return this.store(name, dims, FLOAT, this.numbers(dims, mean, spread));
  }

  private numbers(dims: readonly number[], mean: number, spread: number): Float32Array {
    const values = new Float32Array(dims.reduce((product, size) => product * size, 1));
    for (let i = 0; i < values.length; i++) {
      // A linear congruential generator (Numerical Recipes, section 7.1): quick, and good enough.
      this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
      values[i] = mean + spread * (this.seed / 2 ** 31 - 1);
    }
    return values;
  }

  private store(
    name: string,
    dims: readonly number[],
    type: number,
    values: Float32Array | Int8Array,
  ): string {
    writeSync(this.file, values);
    const place = { location: DATA, offset: `${this.offset}`, length: `${values.byteLength}` };
    this.offset += values.byteLength;
    this.fields.push(
      block(
        FIELD.initializer,
        ...dims.map((size) => integer(TENSOR.dim, size)),
        integer(TENSOR.type, type),
        block(TENSOR.name, name),
        ...Object.entries(place).map(([key, value]) =>
          block(TENSOR.external, block(1, key), block(2, value)),
        ),
        integer(TENSOR.location, EXTERNAL),
      ),
    );
    return name;
  }

  close(): void {
    closeSync(this.file);
  }
}

/** Puts the nodes together, layer by layer. */
class Gpt2Graph {
  private readonly nodes: NewNode[] = [];
  private readonly initializers: NonNullable<NewGraphParts['initializers']>[number][] = [];

  constructor(
    private readonly sizes: Gpt2Sizes,
    private readonly weights: WeightFile,
  ) {}

  build(): Uint8Array {
    const { layers, width, vocabulary, context } = this.sizes;
    const ids = 'input_ids';
    const length = this.op('Squeeze', [
      this.op('Slice', [this.op('Shape', [ids]), this.ints(1), this.ints(2)]),
    ]);
    const positions = this.op('Range', [this.scalar(0), length, this.scalar(1)]);
    const row = this.op('Unsqueeze', [positions, this.ints(0)]);
    const column = this.op('Unsqueeze', [positions, this.ints(1)]);
    const mask = this.op('Where', [
      this.op('LessOrEqual', [row, column]),
      this.float(0),
      this.float(-3.4e38),
    ]);
    const wte = this.weights.add('transformer.wte.weight', [vocabulary, width], 0, 0.02);
    const wpe = this.weights.add('transformer.wpe.weight', [context, width], 0, 0.02);
    let x = this.op('Add', [this.op('Gather', [wte, ids]), this.op('Gather', [wpe, row])]);
    for (let layer = 0; layer < layers; layer++) {
      const module = `transformer.h.${layer}`;
      x = this.op('Add', [
        x,
        this.attention(`${module}.attn`, this.norm(`${module}.ln_1`, x), mask),
      ]);
      x = this.op('Add', [x, this.perceptron(`${module}.mlp`, this.norm(`${module}.ln_2`, x))]);
    }
    const head = this.op('Transpose', [wte], { perm: { kind: 'ints', value: [1, 0] } });
    this.op('MatMul', [this.norm('transformer.ln_f', x), head], {}, ['logits']);
    return graphFields({
      nodes: this.nodes,
      initializers: this.initializers,
      inputs: [{ name: ids, dtype: 'int64', shape: [1, 'tokens'] }],
      outputs: ['logits'],
    });
  }

  private attention(module: string, x: string, mask: string): string {
    const { heads, width } = this.sizes;
    const size = width / heads;
    const names = ['q', 'k', 'v'].map((part) => `${module}.${part}`);
    const joined = this.linear(`${module}.c_attn`, x, width, 3 * width, 0.15);
    const axis = { axis: { kind: 'int', value: 2 } } as const;
    this.op('Split', [joined], axis, names);
    const [q = '', k = '', v = ''] = names.map((part, index) =>
      this.op('Transpose', [this.op('Reshape', [part, this.ints(0, 0, heads, size)])], {
        perm: { kind: 'ints', value: index === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3] },
      }),
    );
    const scores = this.op('Div', [this.op('MatMul', [q, k]), this.float(Math.sqrt(size))]);
    const last = { axis: { kind: 'int', value: -1 } } as const;
    const probabilities = this.op('Softmax', [this.op('Add', [scores, mask])], last);
    const mixed = this.op('Transpose', [this.op('MatMul', [probabilities, v])], {
      perm: { kind: 'ints', value: [0, 2, 1, 3] },
    });
    const flat = this.op('Reshape', [mixed, this.ints(0, 0, width)]);
    return this.linear(`${module}.c_proj`, flat, width, width);
  }

  /** With the exact GELU, ½x(1 + erf(x/√2)). */
  private perceptron(module: string, x: string): string {
    const { width } = this.sizes;
    const y = this.linear(`${module}.c_fc`, x, width, 4 * width);
    const erf = this.op('Erf', [this.op('Div', [y, this.float(Math.SQRT2)])]);
    const gated = this.op('Mul', [y, this.op('Add', [erf, this.float(1)])]);
    const activated = this.op('Mul', [gated, this.float(0.5)]);
    return this.linear(`${module}.c_proj`, activated, 4 * width, width);
  }

  private norm(module: string, x: string): string {
    const { width } = this.sizes;
    const weight = this.weights.add(`${module}.weight`, [width], 1, 0.1);
    const bias = this.weights.add(`${module}.bias`, [width], 0, 0.1);
    return this.op('LayerNormalization', [x, weight, bias], { axis: { kind: 'int', value: -1 } });
  }

  private linear(module: string, x: string, from: number, to: number, spread = 0.035): string {
    const weight = this.matrix(`${module}.weight`, [from, to], spread);
    const bias = this.weights.add(`${module}.bias`, [to], 0, 0.02);
    return this.op('Add', [this.op('MatMul', [x, weight]), bias]);
  }

  private matrix(name: string, dims: readonly number[], spread: number): string {
    if (!this.weights.isQuantized) {
      return this.weights.add(name, dims, 0, spread);
    }
    const stored = this.weights.addQuantized(name, dims, spread);
    return this.op('DequantizeLinear', [stored.name, this.float(stored.scale)]);
  }

  private op(
    opType: string,
    inputs: readonly string[],
    attributes: NonNullable<NewNode['attributes']> = {},
    outputs: readonly string[] = [`${opType}.${this.nodes.length}`],
  ): string {
    this.nodes.push({ opType, inputs, outputs, attributes });
    return outputs[0] ?? '';
  }

  private ints(...values: number[]): string {
    return this.constant('int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  private scalar(value: number): string {
    return this.constant('int64', [], BigInt64Array.of(BigInt(value)));
  }

  private float(value: number): string {
    return this.constant('float32', [], Float32Array.of(value));
  }

  private constant(
    dtype: 'int64' | 'float32',
    dims: readonly number[],
    values: BigInt64Array | Float32Array,
  ): string {
    const name = `constant.${this.initializers.length}`;
    this.initializers.push({ name, dtype, dims, bytes: new Uint8Array(values.buffer) });
    return name;
  }
}
