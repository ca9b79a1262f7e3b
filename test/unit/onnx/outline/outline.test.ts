import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { outlineFile, type FileOutline } from '../../../../src/onnx/outline/outline';
import { readOnnx } from '../../../../src/onnx/file/readModel';
import { readShapeConstants } from '../../../../src/onnx/shapes/constants';
import { inferShapes } from '../../../../src/onnx/shapes/inferShapes';
import type { ModuleOutline } from '../../../../src/shared/modelOutline';
import { families, fixture, inMemory, openStateDict } from '../../../support/weights/files';

/** A file of a family, and how the names of its parameters differ from those of the state dict. */
interface Exported {
  file: string;
  /** What the state dict has before the names in the file. */
  root?: string;
  /** Names in the file, with those that the parameter has in the state dict: moved, or a copy. */
  moved?: Record<string, string>;
}

const TIED_HEAD = { 'lm_head.weight': 'transformer.wte.weight' };

const EXPORTED: readonly Exported[] = [
  {
    file: 'bert/torchscript-eager/model.onnx',
    moved: {
      'cls.predictions.decoder.weight': 'bert.embeddings.word_embeddings.weight',
      'cls.predictions.decoder.bias': 'cls.predictions.bias',
    },
  },
  { file: 'gpt2/torchscript-eager/model.onnx', moved: TIED_HEAD },
  { file: 'gpt2/torchscript-eager/model_fp16.onnx', moved: TIED_HEAD },
  { file: 'gpt2/torchscript-sdpa-cache/model.onnx', moved: TIED_HEAD },
  { file: 'gpt2/torchscript-eager-external/model.onnx', moved: TIED_HEAD },
  { file: 'llama/torchscript-eager/model.onnx' },
  {
    file: 'bart/torchscript-eager/encoder_model.onnx',
    root: 'model.encoder.',
    moved: { 'embed_tokens.weight': 'model.shared.weight' },
  },
  {
    file: 't5/torchscript-sdpa/encoder_model.onnx',
    root: 'encoder.',
    moved: { 'embed_tokens.weight': 'shared.weight' },
  },
];

suite('onnx/outline: parameters and sizes', () => {
  for (const one of EXPORTED) {
    test(`counts the parameters of ${one.file} module by module, as transformers does`, async () => {
      const expected = await parametersOf(one);
      const outline = await outlined(path.join(families, one.file));
      assert.equal(outline.parameters, sum(expected.values()));
      const modules = modulesIn(outline.modules, '');
      for (const [name, module] of modules) {
        const inside = [...expected].filter(([parameter]) => parameter.startsWith(name));
        assert.equal(module.parameters, sum(inside.map(([, count]) => count)), name);
      }
      // Every parameter has a module of its own, so that no count above is one of nothing.
      for (const parameter of expected.keys()) {
        assert.ok(modules.has(parameter.slice(0, parameter.lastIndexOf('.') + 1)), parameter);
      }
    });
  }

  test('a weight that two modules share belongs to what is around both', async () => {
    const outline = await outlined(
      path.join(families, 'gpt2/torchscript-eager-merged/decoder_model_merged.onnx'),
    );
    const expected = await parametersOf({ file: 'gpt2' });
    assert.equal(outline.parameters, sum(expected.values()), 'both branches share their weights');
    const [table, ...others] = outline.modules.modules.map(({ parameters }) => parameters);
    const wte = expected.get('transformer.wte.weight') ?? NaN;
    assert.deepEqual([table, ...others], [outline.parameters - wte, 0]);
  });

  test('the new exporter tells the classes of modules', async () => {
    const { modules } = await outlined(path.join(families, 'bert/dynamo-eager/model.onnx'));
    const types = new Map([...modulesIn(modules, '')].map(([name, { type }]) => [name, type]));
    assert.equal(types.get('bert.encoder.layer.1.attention.self.'), 'BertSelfAttention');
    assert.equal(types.get('cls.predictions.decoder.'), 'Linear');
  });

  test('counts the operators of every module, those of modules in it included', async () => {
    const { modules, operators } = await outlined(
      path.join(families, 'bert/torchscript-eager/model.onnx'),
    );
    assert.deepEqual(modules.operators, operators);
    const attention = modulesIn(modules, '').get('bert.encoder.layer.0.attention.');
    const found = new Map(attention?.operators.map(({ name, count }) => [name, count]));
    assert.equal(found.get('Softmax'), 1);
    // Queries, keys, values, scores, their use, and the output.
    assert.equal(found.get('MatMul'), 6);
  });

  for (const [file, dtype, element] of [
    ['gpt2/torchscript-eager/model.onnx', 'float32', 4],
    ['gpt2/torchscript-eager/model_fp16.onnx', 'float16', 2],
  ] as const) {
    test(`all weights of ${file} are ${dtype}`, async () => {
      const expected = sum((await parametersOf({ file, moved: TIED_HEAD })).values());
      const { dtypes, size } = await outlined(path.join(families, file));
      const [only, ...others] = dtypes;
      assert.deepEqual(others, []);
      assert.deepEqual(
        [only?.dtype, only?.parameters, only?.bytes],
        [dtype, expected, element * expected],
      );
      assert.equal(size.file, statSync(path.join(families, file)).size);
      assert.equal(size.external, 0);
    });
  }

  test('what the runtime computes in single precision takes twice the memory', async () => {
    const expected = await parametersOf({ file: 'gpt2', moved: TIED_HEAD });
    const file = 'gpt2/torchscript-eager/model_fp16.onnx';
    const { size } = await outlined(path.join(families, file));
    const tables = ['transformer.wte.weight', 'transformer.wpe.weight'];
    // Rows of a table are only picked; all else is multiplied or added, for which there is no code.
    const kept = sum(tables.map((name) => expected.get(name) ?? NaN));
    assert.equal(size.memory, 2 * kept + 4 * (sum(expected.values()) - kept));
  });

  test('weights in another file are as large as that file', async () => {
    const file = path.join(families, 'gpt2/torchscript-eager-external/model.onnx');
    const { size, dtypes } = await outlined(file);
    assert.equal(size.file, statSync(file).size);
    assert.equal(size.external, statSync(`${file}_data`).size);
    assert.equal(size.memory, sum(dtypes.map(({ bytes }) => bytes)));
  });
});

suite('onnx/outline: quantization', () => {
  const WIDTH = 16;
  const INNER = 24;
  const VOCABULARY = 40;
  const CONTEXT = 32;

  test('int8 of ONNX Runtime: products as integers, tables converted back', async () => {
    const file = 'gpt2/torchscript-eager/model_quantized.onnx';
    const { quantization } = await outlined(path.join(families, file));
    const layer = 3 * WIDTH * WIDTH + WIDTH * WIDTH + 2 * WIDTH * INNER;
    const products = 2 * layer + VOCABULARY * WIDTH;
    const tables = (VOCABULARY + CONTEXT) * WIDTH;
    assert.deepEqual(quantization, {
      scheme: 'mixed',
      parts: [
        { scheme: 'dynamic', bits: 8, weights: 2 * 4 + 1, parameters: products },
        { scheme: 'weightOnly', bits: 8, weights: 2, parameters: tables },
      ],
      weights: 11,
      parameters: products + tables,
      signedBytes: 9,
    });
  });

  test('4 and 8 bits in blocks; scales are no weights', async () => {
    const { quantization, dtypes } = await outlined(fixture('packed.onnx'));
    const { tensors } = await openStateDict(fixture('packed.safetensors'));
    const elements = (names: readonly string[]): number =>
      sum(names.map((name) => product(tensors.get(`layers.${name}.weight`)?.dims ?? [])));
    const groups = [
      [2, 16, ['two']],
      [4, 16, ['four', 'four_zeros', 'fp4', 'nf4', 'table', 'table_zeros']],
      [8, 16, ['eight_zeros', 'table_eight']],
      [8, 32, ['eight']],
      [8, 2, ['blocks']],
      [8, undefined, ['whole', 'columns', 'rows']],
    ] as const;
    const parts = groups.map(([bits, blockSize, names]) => ({
      scheme: 'weightOnly' as const,
      bits,
      ...(blockSize === undefined ? {} : { blockSize }),
      weights: names.length,
      parameters: elements(names),
    }));
    const order = ({ bits, blockSize = 0 }: { bits: number; blockSize?: number }): number =>
      100 * bits + blockSize;
    const sorted = (all: typeof quantization.parts): typeof quantization.parts =>
      [...all].sort((a, b) => order(a) - order(b));
    assert.deepEqual(sorted(quantization.parts), sorted(parts));
    assert.equal(quantization.weights, tensors.size);
    assert.equal(quantization.parameters, elements(groups.flatMap(([, , names]) => names)));
    const bytes = elements(['four', 'four_zeros', 'fp4', 'nf4', 'table_zeros']);
    assert.equal(dtypes.find(({ dtype }) => dtype === 'uint4')?.parameters, bytes);
  });

  test('half precision, and none', async () => {
    const half = await outlined(path.join(families, 'llama/torchscript-eager/model_fp16.onnx'));
    assert.equal(half.quantization.scheme, 'float16');
    assert.equal(half.quantization.parts[0]?.weights, half.quantization.weights);
    const full = await outlined(path.join(families, 'llama/torchscript-eager/model.onnx'));
    assert.deepEqual([full.quantization.scheme, full.quantization.parts], ['none', []]);
    assert.equal(full.quantization.weights, 16);
  });
});

async function outlined(file: string): Promise<FileOutline> {
  const source = inMemory(file);
  const model = await readOnnx(source, file);
  const shapes = inferShapes(model, await readShapeConstants(source, model));
  return outlineFile(model, source.size, shapes);
}

/** Elements of every parameter that a file should have, by its name there. */
async function parametersOf({
  file,
  root = '',
  moved = {},
}: Exported): Promise<Map<string, number>> {
  const [family = ''] = file.split('/');
  const { tensors } = await openStateDict(path.join(families, family, 'model.safetensors'));
  const count = (name: string): number => product(tensors.get(name)?.dims ?? [NaN]);
  const names = [...tensors.keys()].filter(
    (name) => name.startsWith(root) && name !== moved['cls.predictions.decoder.bias'],
  );
  return new Map([
    ...names.map((name) => [name.slice(root.length), count(name)] as const),
    ...Object.entries(moved).map(([name, source]) => [name, count(source)] as const),
  ]);
}

/** All modules in a module, by the name that parameters in it begin with. */
function modulesIn({ modules }: ModuleOutline, prefix: string): Map<string, ModuleOutline> {
  return new Map(
    modules.flatMap((module) => {
      const name = `${prefix}${module.name}.`;
      return [[name, module] as const, ...modulesIn(module, name)];
    }),
  );
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}

function product(dims: readonly number[]): number {
  return dims.reduce((total, size) => total * size, 1);
}
