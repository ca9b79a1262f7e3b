import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { inspect } from '../../../../src/engine/tasks/inspect';
import type { ModelOutline } from '../../../../src/shared/modelOutline';
import { root } from '../../../support/root';
import { temporaryFolder } from '../../../support/temporary';
import {
  exportsOf,
  familyFolders,
  type Exporter,
  type Family,
  type ModelExport,
  type Part,
} from '../../../support/onnx/families';
import { openStateDict } from '../../../support/weights/files';

const families = 'test/fixtures/families';

/** What PyTorch counts, by `test/fixtures/families/parameters.py`. */
const counted = JSON.parse(
  readFileSync(path.join(root, families, 'parameters.json'), 'utf8'),
) as Record<string, number>;

/** What an export lacks of a model's parameters, or has besides, that the file does not tell of. */
interface Difference {
  family: Family;
  exporter?: Exporter;
  why: string;
  /** Names of the parameters that are not in the file. */
  lacks: RegExp;
  /** Elements that are no parameters, and count as such. */
  adds?: number;
}

const DIFFERENCES: readonly Difference[] = [
  {
    family: 'wav2vec2',
    why: 'the exporters multiply weight and length of a normalised weight',
    lacks: /\.parametrizations\.weight\.original0$/,
  },
  {
    family: 'wav2vec2',
    exporter: 'torchscript',
    why: 'what stands for masked sound is only for learning; PyTorch’s newer exporter stores it unused',
    lacks: /\.masked_spec_embed$/,
  },
  {
    family: 'xlnet',
    why: 'segments and masked words are not among the inputs',
    lacks: /\.(r_s_bias|seg_embed)$|\.mask_emb$/,
  },
  {
    family: 'qwen3_5',
    why: 'what reads images is no part of the file; and the operator of the convolution needs a bias of zeros, which the model has not',
    lacks: /\.visual\./,
    adds: 64,
  },
];

suite('engine, parameters as PyTorch counts them', () => {
  for (const family of familyFolders() as Family[]) {
    for (const one of exportsOf(family)) {
      for (const parts of combinations(one)) {
        test(`${one.id}: ${parts.join(', ')}`, async () => {
          const files = parts.map((part) => one.files.get(part) ?? '');
          const outline = await inspected(path.join(families, one.source), one.folder, files);
          const expected = count(`${families}/${one.source}`) + (await difference(one));
          assert.equal(outline.parameters, expected);
          assertWhole(outline);
        });
      }
    }
  }

  for (const suffix of ['', '_quantized']) {
    for (const model of readdirSync(path.join(root, 'models')).filter((each) => each !== 'train')) {
      test(`${model}${suffix}, which comes with Headlight`, async () => {
        const onnx = path.join(root, 'models', model, 'onnx');
        const files = readdirSync(onnx).filter(
          (file) => file.endsWith('_quantized.onnx') === (suffix !== ''),
        );
        const outline = await inspected(path.join('models', model), onnx, files);
        assert.equal(outline.parameters, count(`models/${model}`));
        assertWhole(outline);
      });
    }
  }

  test('what an encoder and a decoder share is named', async () => {
    const model = path.join(root, 'models/headlight-translate-en-zh');
    const [outline] = (await inspect(model)).outlines;
    const [embedding, ...others] = outline?.repeated ?? [];
    assert.deepEqual(others, []);
    assert.equal(embedding?.parameters, 4096 * 160);
    assert.equal(embedding.isTable, true);
    assert.deepEqual(
      embedding.places.map(({ file, dtype, bytes }) => [path.basename(file), dtype, bytes]),
      ['encoder_model.onnx', 'decoder_model_merged.onnx'].map((file) => [
        file,
        'float16',
        2 * 4096 * 160,
      ]),
    );
  });

  test('an output layer that is stored again, transposed and in other integers, counts once', async () => {
    const file = path.join(root, families, 'gpt2/torchscript-eager/model_quantized.onnx');
    const [outline] = (await inspect(file)).outlines;
    assert.deepEqual(
      outline?.repeated.map(({ parameters, isTable, places }) => [
        parameters,
        isTable,
        places.map(({ dtype }) => dtype).sort(),
      ]),
      [[640, true, ['int8', 'uint8']]],
    );
    const modules = outline.modules.modules.map(({ name, parameters }) => [name, parameters]);
    assert.deepEqual(modules, [
      ['transformer', outline.parameters],
      ['lm_head', 640],
    ]);
  });

  test('files that are not of one model have nothing in common', async () => {
    const folder = temporaryFolder();
    const source = path.join(root, families, 'gpt2/dynamo-sdpa/model.onnx');
    for (const name of ['a.onnx', 'b.onnx']) {
      cpSync(source, path.join(folder, name));
    }
    const { outlines } = await inspect(folder);
    for (const { file, parameters, repeated } of outlines) {
      assert.equal(parameters, count(`${families}/gpt2`));
      const places = repeated.flatMap((each) => each.places);
      assert.deepEqual(
        places.map((each) => each.file),
        [file, file],
        'the output layer beside the embedding',
      );
    }
  });

  test('where weights are missing, each file is counted by itself', async () => {
    const external = path.join(root, families, 'bart/dynamo-sdpa-external');
    const files = ['encoder_model.onnx', 'decoder_model.onnx'];
    const folder = folderOf(path.join(families, 'bart'), external, files);
    const [whole] = (await inspect(folder)).outlines;
    rmSync(path.join(folder, 'onnx/encoder_model.onnx.data'));
    const [outline] = (await inspect(folder)).outlines;
    assert.equal(outline?.parameters, (whole?.parameters ?? 0) + 640);
    const places = outline.repeated.flatMap((each) => each.places);
    assert.deepEqual(
      places.map(({ file }) => path.basename(file)),
      ['decoder_model.onnx', 'decoder_model.onnx'],
    );
  });
});

function count(model: string): number {
  const found = counted[model];
  assert.ok(found !== undefined, model);
  return found;
}

/** How many parameters more an export has than its model, by the reasons that are known. */
async function difference({ family, exporter, source }: ModelExport): Promise<number> {
  const { tensors } = await openStateDict(path.join(root, families, source, 'model.safetensors'));
  const known = DIFFERENCES.filter(
    (each) => each.family === family && (each.exporter ?? exporter) === exporter,
  );
  return known.reduce((sum, { lacks, adds = 0 }) => {
    const lacking = [...tensors].filter(([name]) => lacks.test(name));
    assert.ok(lacking.length > 0);
    const elements = lacking.map(([, { dims }]) => dims.reduce((all, size) => all * size, 1));
    return sum + adds - elements.reduce((all, each) => all + each, 0);
  }, 0);
}

/** Which of an export's files make one model. */
function combinations({ files }: ModelExport): Part[][] {
  const ways: Part[][] = [
    ['model'],
    ['encoder_model', 'decoder_model'],
    ['encoder_model', 'decoder_model', 'decoder_with_past_model'],
    ['encoder_model', 'decoder_model_merged'],
  ];
  if (!files.has('encoder_model')) {
    ways.push(['decoder_model_merged']);
  }
  return ways.filter((way) => way.every((part) => files.has(part)));
}

/** The outline of a folder with some files of a model, and those with their weights. */
async function inspected(
  source: string,
  graphs: string,
  files: readonly string[],
): Promise<ModelOutline> {
  const { outlines, unread } = await inspect(folderOf(source, graphs, files));
  const [outline, ...others] = outlines;
  assert.ok(outline !== undefined && others.length + unread.length === 0);
  return outline;
}

/** @param source where config.json is, from the root. @param graphs where the files are. */
function folderOf(source: string, graphs: string, files: readonly string[]): string {
  const folder = temporaryFolder();
  cpSync(path.join(root, source, 'config.json'), path.join(folder, 'config.json'));
  mkdirSync(path.join(folder, 'onnx'));
  for (const file of readdirSync(graphs)) {
    if (files.some((each) => file.startsWith(each))) {
      cpSync(path.join(graphs, file), path.join(folder, 'onnx', file));
    }
  }
  return folder;
}

/** Parameters, what is stored of them again, and constants are all that there is. */
function assertWhole(outline: ModelOutline): void {
  const sum = (amounts: readonly number[]): number =>
    amounts.reduce((total, each) => total + each, 0);
  assert.equal(sum(outline.dtypes.map(({ parameters }) => parameters)), outline.parameters);
  assert.equal(outline.modules.parameters, outline.parameters);
  for (const part of outline.parts ?? [outline]) {
    const again = part.repeated.flatMap(({ places }) => places.slice(1));
    const bytes = [...part.dtypes, ...again, ...part.constants].map((row) => row.bytes);
    assert.equal(sum(bytes), part.modules.bytes);
    assert.ok(sum(bytes) < part.size.file + part.size.external);
  }
}
