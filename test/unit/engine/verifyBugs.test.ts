import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inEnglish } from '../../../src/shared/failure';
import {
  agrees,
  firstDifference,
  floatTolerance,
  isFloatRounding,
  isWithinTolerance,
  verdictOf,
  type Verification,
} from '../../../src/shared/verification';
import { verificationWords } from '../../../src/wording/verification/verificationWords';
import { familyModel, HALF_PRECISION, wordsFrom, type FamilyForm } from '../../support/familyModel';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';
import {
  changeNumbers,
  dropHeadBias,
  forgetCachedKeys,
  multiplyScores,
  removeAttention,
  swapCachedKeys,
} from '../../support/engine/injectedBugs';
import { bundled, context, listen, tinySeq2seq } from '../../support/engine/models';

const TEXT = 'the cat sat on the mat';
const WORDS = wordsFrom(0, 12);
const LONG =
  'The parser reads the configuration file. Run the tests again. The old settings were kept. Each window has a title, a list of tabs and a status bar that shows the current line.';
const SENTENCE = 'The parser reads the configuration file.';

const MODEL = 'onnx/model.onnx';

/** The forms that a graph may compute in, of families with the weights that they were exported from. */
const FORMS = {
  float32: { folder: 'bert/torchscript-eager', graphs: ['model'] },
  float16: { folder: 'bert/torchscript-eager', suffix: '_fp16', graphs: ['model'] },
  int8: { folder: 'bert/torchscript-eager', suffix: '_quantized', graphs: ['model'] },
  'uint8 by column': { folder: 'bert/torchscript-eager', suffix: '_uint8', graphs: ['model'] },
} satisfies Record<string, FamilyForm>;

suite('engine: what Verify can say of a form', () => {
  const { engine } = listen();
  const verified = async (folder: string): Promise<Verification> => {
    const { trace } = await engine.trace({ model: { folder }, text: WORDS }, context());
    return engine.verify({ trace }, context());
  };

  test('int8 with fixed scales: that rounding cannot be told from an error, with its usual size', async () => {
    const folder = familyModel({ ...FORMS.int8, suffix: '_qdq' });
    const found = await verified(folder);
    assert.deepEqual([found.followed, found.unfollowed], [false, ['fixedScales']]);
    assert.equal(verdictOf(found), 'unclear');
    assert.ok(found.logits && found.logits.tolerance > floatTolerance(found.logits.scale));
    const broken = temporaryFolder();
    cpSync(folder, broken, { recursive: true });
    removeAttention(path.join(broken, MODEL));
    assert.equal(verdictOf(await verified(broken)), 'unclear');
  });

  test('a table of sinusoids that is stored in 8 bits is read as it is, and checked', async () => {
    const folder = temporaryFolder();
    const source = path.join(root, 'models/headlight-translate-en-zh');
    cpSync(source, folder, { recursive: true, filter: (file) => !file.endsWith('.onnx') });
    for (const graph of ['encoder_model', 'decoder_model_merged']) {
      const file = path.join(source, `onnx/${graph}_quantized.onnx`);
      cpSync(file, path.join(folder, `onnx/${graph}.onnx`));
    }
    const text = 'Cannot open the file.';
    const sitesOf = async (model: string) => {
      const { trace } = await engine.trace({ model: { folder: model }, text }, context());
      return (await engine.verify({ trace }, context())).sites;
    };
    assert.ok((await sitesOf(folder)).every(isFloatRounding));
    // What is open stays as it is.
    const changed = temporaryFolder();
    cpSync(folder, changed, { recursive: true });
    await changeNumbers(
      path.join(changed, 'onnx/encoder_model.onnx'),
      'embed_positions.weight',
      'scale',
      (value) => 1.5 * value,
    );
    assert.ok(!(await sitesOf(changed)).every(isFloatRounding));
  });
});

suite('engine: what Verify says', () => {
  const said = (found: Verification): string[] => {
    const { badge, sentences } = verificationWords(found);
    return [badge, ...sentences.map(({ text }) => ('kind' in text ? text.what : text))].map(
      inEnglish,
    );
  };

  test('of 8 bits: a difference beside what explains it, and never "Verified" where it is large', async () => {
    const folder = quantized();
    const verdicts = new Set<string>();
    for (const text of [SENTENCE, 'Run the tests again.', 'The old settings were kept.', LONG]) {
      const found = await verified(folder, text);
      const [badge = ''] = said(found);
      const verdict = verdictOf(found);
      verdicts.add(verdict);
      assert.ok(found.logits);
      const { maxAbsDiff, scale, spread, tokens, sameLikeliest } = found.logits;
      assert.ok(spread > 0 && spread < scale && sameLikeliest <= tokens);
      assert.equal(badge.startsWith('Verified'), verdict === 'matches');
      assert.ok(verdict !== 'matches' || maxAbsDiff <= floatTolerance(scale));
      if (verdict === 'rounded') {
        assert.match(badge, /^Agrees within 8-bit rounding: .* bound/);
      }
    }
    assert.deepEqual([...verdicts].sort(), ['matches', 'rounded']);
  });

  test('of NaN: that there are some, where, and in which of the two', async () => {
    const folder = familyModel(FORMS.float32);
    await changeNumbers(
      path.join(folder, MODEL),
      'layer.1.output.LayerNorm.weight',
      'elements',
      (value, i) => (i === 3 ? NaN : value),
    );
    const found = await verified(folder, WORDS);
    assert.equal(verdictOf(found), 'differs');
    assert.ok(found.logits?.notFinite);
    const { runtime, reference, values } = found.logits.notFinite;
    assert.ok(runtime === values && reference === values);
    const words = said(found);
    assert.equal(words[0], 'NaN or infinite values in both');
    assert.match(words[1] ?? '', /both compute NaN .* and not the run\.$/);
    assert.ok(!words.some((each) => /most likely/.test(each)));
    assert.ok(
      words.includes(
        `Logits: of ${values} values ${values} of the runtime and ${values} of the reference are NaN or infinite.`,
      ),
    );
    assert.ok(!words.some((each) => /up to NaN/.test(each)));
  });

  test('of weights that were saved in another shape: which', async () => {
    const folder = familyModel(FORMS.float32);
    reshapeSaved(path.join(folder, 'model.safetensors'), '.layer.0.output.dense.weight');
    const found = await verified(folder, WORDS);
    assert.ok(found.weights.kind === 'compared');
    assert.equal(found.weights.reshaped, 1);
    assert.equal(verdictOf(found), 'differs');
    const words = said(found);
    assert.equal(words[0], 'Weights differ from model.safetensors');
    assert.ok(
      words.some((each) =>
        /dense\.weight: saved as \[24, 16\], in the graph \[16, 24\]/.test(each),
      ),
    );
  });
});

suite('engine: bugs that Verify notices', () => {
  /** A model is right as it is, and not so once it was changed. */
  const noticed = async (
    folder: string,
    text: string,
    bug: (file: (name: string) => string) => unknown,
  ): Promise<Verification> => {
    const before = await verified(folder, text);
    assert.ok(agrees(before), JSON.stringify(before));
    const other = temporaryFolder();
    cpSync(folder, other, { recursive: true });
    const changed = await bug((name) => path.join(other, name));
    assert.notEqual(changed, 0, 'something is changed');
    const found = await verified(other, text);
    assert.equal(verdictOf(found), 'differs', JSON.stringify(found));
    return found;
  };

  for (const [form, fixture] of Object.entries(FORMS)) {
    test(`attention removed, ${form}`, async () => {
      await noticed(familyModel(fixture), WORDS, (file) => removeAttention(file(MODEL)));
    });

    test(`a head’s bias dropped, ${form}`, async () => {
      await noticed(familyModel(fixture), WORDS, (file) =>
        dropHeadBias(file(MODEL), 'layer.1.attention.self.query.bias', 2),
      );
    });
  }

  test('attention removed from the bundled model, int8', async () => {
    const folder = quantized();
    await noticed(folder, SENTENCE, (file) => removeAttention(file(MODEL)));
  });

  for (const [name, folder, text, bug] of [
    [
      'marian, the branch of a merged decoder',
      () => tinySeq2seq('marian'),
      TEXT,
      (file) => removeAttention(file('onnx/decoder_model_merged.onnx'), 'then_branch'),
    ],
    [
      't5, the decoder for later steps',
      () => tinySeq2seq('t5', 'split'),
      TEXT,
      (file) => removeAttention(file('onnx/decoder_with_past_model.onnx')),
    ],
    [
      't5, keys that the decoder for later steps keeps as zeros',
      () => tinySeq2seq('t5', 'split'),
      TEXT,
      (file) => forgetCachedKeys(file('onnx/decoder_with_past_model.onnx')),
    ],
    [
      'llama, keys that are put behind the new ones',
      () => familyModel({ folder: 'llama/torchscript-eager-cache', graphs: ['model'] }),
      WORDS,
      (file) => swapCachedKeys(file(MODEL)),
    ],
    [
      'gpt2, int8, the branch of a merged decoder',
      () => familyModel(MERGED_INT8),
      WORDS,
      (file) => removeAttention(file('onnx/decoder_model_merged.onnx'), 'then_branch'),
    ],
  ] as [string, () => string, string, (file: (name: string) => string) => unknown][]) {
    test(`the cached branch broken: ${name}`, async () => {
      const found = await noticed(folder(), text, bug);
      // Nothing else shows it.
      const { cachedStep: _, ...rest } = found;
      assert.equal(verdictOf({ ...rest, cachedStep: { lacking: 'noCache' } }), 'matches');
      assert.equal(firstDifference(found, isWithinTolerance)?.kind, 'cachedStep');
    });
  }

  for (const [form, fixture] of Object.entries(FORMS).slice(0, 2)) {
    test(`one weight changed, ${form}`, async () => {
      const name = 'encoder.layer.0.output.dense.weight';
      const found = await noticed(familyModel(fixture), WORDS, (file) =>
        changeNumbers(file(MODEL), name, 'elements', (value, i) =>
          i === 37 ? value + 0.01 : value,
        ),
      );
      assert.ok(found.weights.kind === 'compared');
      const { differing, different } = found.weights;
      assert.equal(differing, 1);
      const [only] = different;
      assert.ok(only !== undefined && only.name.endsWith(name));
      // The graph has the transpose, [24, 16], of what was saved as [16, 24].
      const place = (37 % 16) * 24 + Math.floor(37 / 16);
      assert.deepEqual([only.count, only.first, only.last], [1, place, place]);
      // The run itself is right: the reference reads the same weights.
      assert.ok(agrees({ ...found, weights: { kind: 'absent' } }));
    });
  }

  for (const fixture of HALF_PRECISION) {
    test(`scores that are 1% too large in float16, ${fixture.folder}`, async () => {
      const found = await noticed(familyModel(fixture), WORDS, (file) =>
        fixture.graphs.reduce(
          (changed, graph) => changed + multiplyScores(file(`onnx/${graph}.onnx`), 'float16', 1.01),
          0,
        ),
      );
      const [first] = found.sites;
      assert.ok(first?.scoreScale);
      // 1.01 is 1 + 10/1024 in float16.
      assert.ok(Math.abs(first.scoreScale.error - 10 / 1024) < 0.002, `${first.scoreScale.error}`);
      const place = firstDifference(found, isWithinTolerance);
      assert.ok(place?.kind === 'attention' && place.site.id === first.id);
    });
  }

  test('scores of the second layer alone that are 1% too large: that layer is named', async () => {
    const found = await noticed(familyModel(FORMS.float16), WORDS, (file) =>
      multiplyScores(file(MODEL), 'float16', 1.01, 1),
    );
    const place = firstDifference(found, isWithinTolerance);
    assert.ok(place?.kind === 'attention');
    assert.deepEqual([place.site.id, place.before], ['blocks.1.attn', 'blocks.0.attn']);
  });

  test('an error behind the last attention is found at the logits', async () => {
    const found = await noticed(familyModel(FORMS.float32), WORDS, (file) =>
      dropHeadBias(file(MODEL), 'layer.1.attention.output.dense.bias', 2),
    );
    assert.equal(firstDifference(found, isWithinTolerance)?.kind, 'logits');
  });

  test('an int8 scale that is wrong', async () => {
    const name = 'encoder.layer.0.output.dense.weight';
    const found = await noticed(familyModel(FORMS.int8), WORDS, (file) =>
      changeNumbers(file(MODEL), name, 'scale', (value) => 1.1 * value),
    );
    assert.ok(found.weights.kind === 'compared');
    assert.deepEqual(
      found.weights.different.map((each) => each.name.endsWith(name)),
      [true],
    );
  });
});

const MERGED_INT8: FamilyForm = {
  folder: 'gpt2/torchscript-eager-merged',
  suffix: '_quantized',
  graphs: ['decoder_model_merged'],
};

/**
 * Writes the shape of a matrix into the header of a safetensors file the other way round.
 * @param name the end of its name.
 */
function reshapeSaved(file: string, name: string): void {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = bytes.subarray(8, 8 + length).toString();
  const changed = header.replace(
    new RegExp(`(${name.replaceAll('.', '\\.')}":\\{[^}]*"shape":\\[)(\\d+),(\\d+)`),
    '$1$3,$2',
  );
  assert.ok(changed !== header && changed.length === header.length);
  bytes.write(changed, 8);
  writeFileSync(file, bytes);
}

/** A copy of the bundled model that completes, with its 8-bit graph. */
function quantized(): string {
  const folder = temporaryFolder();
  cpSync(bundled, folder, { recursive: true, filter: (file) => !file.endsWith('.onnx') });
  cpSync(path.join(bundled, 'onnx/model_quantized.onnx'), path.join(folder, MODEL));
  return folder;
}

/** What Verify finds out about a text in a model that is opened anew. */
async function verified(folder: string, text: string): Promise<Verification> {
  const { engine } = listen();
  const { trace } = await engine.trace({ model: { folder }, text }, context());
  return engine.verify({ trace }, context());
}
