import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { cachedParameters } from '../../../src/reference/cachedParameters';
import { plainKernel } from '../../../src/reference/kernel/plainKernel';
import { openReference, referenceParameters } from '../../../src/reference/transformer';
import type { ReferenceInput, ReferenceRun } from '../../../src/reference/transformer';
import { inEnglish } from '../../../src/shared/failure';
import type { FailureKind } from '../../../src/shared/failure';
import type { ParameterStore } from '../../../src/weights/parameterStore';
import { failure, rejection } from '../../support/failures';
import {
  configOf,
  examplesOf,
  familyNames,
  inputOf,
  openFamily,
  savedParameters,
} from '../../support/reference/families';

suite('reference Transformer, what it refuses', () => {
  const wrong: [family: string, input: ReferenceInput, where: string, what: RegExp][] = [
    ['gpt2', {}, 'ids', /missing/],
    ['gpt2', { ids: [] }, 'ids', /empty/],
    ['gpt2', { ids: [[]] }, 'ids', /empty/],
    ['gpt2', { ids: [[1, 40]] }, 'ids', /40.*0 to 39/],
    ['gpt2', { ids: [[1, -1]] }, 'ids', /-1/],
    ['gpt2', { ids: [[1, 1.5]] }, 'ids', /1\.5/],
    ['gpt2', { ids: [[1, 2], [3]] }, 'ids', /length/],
    ['gpt2', { ids: [new Array<number>(33).fill(1)] }, 'ids', /33 tokens.*32/],
    ['gpt2', { ids: [[1, 2]], mask: [[1]] }, 'mask', /as many/],
    ['gpt2', { ids: [[1, 2]], mask: [[1, 2]] }, 'mask', /0 to 1/],
    ['gpt2', { ids: [[1, 2]], decoderIds: [[1]] }, 'decoderIds', /one stack/],
    ['gpt2', { ids: [[1, 2]], tokenTypes: [[0, 0]] }, 'tokenTypes', /segments/],
    ['bert', { ids: [[1, 2]], tokenTypes: [[0, 2]] }, 'tokenTypes', /0 to 1/],
    ['roberta', { ids: [new Array<number>(31).fill(5)] }, 'ids', /31 tokens.*30/],
    ['llama', { ids: [new Array<number>(33).fill(1)] }, 'ids', /33 tokens.*32/],
    ['bart', { ids: [[1, 2]] }, 'decoderIds', /missing/],
    ['bart', { ids: [[1, 2]], decoderIds: [[2], [2]] }, 'decoderIds', /as many/],
    ['bart', { ids: [[1, 2]], decoderIds: [[99]] }, 'decoderIds', /99/],
    ['bart', { ids: [[1, 2]], decoderIds: [[2]], decoderMask: [[]] }, 'decoderMask', /as many/],
    ['wav2vec2', { ids: [[1, 2]] }, 'samples', /missing/],
    ['wav2vec2', { samples: [new Array<number>(10).fill(0)] }, 'samples', /10 samples.*11/],
    ['wav2vec2', { samples: [new Array<number>(60).fill(NaN)] }, 'samples', /NaN/],
  ];
  for (const [family, input, where, what] of wrong) {
    test(`${family}: ${where} ${String(what)}`, async () => {
      const model = await openFamily(family);
      const refused = await rejection(() => model.run(input));
      assert.deepEqual([refused.kind, refused.where], ['input', where]);
      assert.match(inEnglish(refused.what), what);
    });
  }

  test('the longest text and the shortest sound are read', async () => {
    const [gpt2, roberta, wav2vec2] = await Promise.all(
      ['gpt2', 'roberta', 'wav2vec2'].map(openFamily),
    );
    assert.ok(gpt2 && roberta && wav2vec2);
    const ids = (count: number): number[][] => [new Array<number>(count).fill(5)];
    assert.deepEqual((await gpt2.run({ ids: ids(32) })).logits.dims, [1, 32, 40]);
    assert.deepEqual((await roberta.run({ ids: ids(30) })).logits.dims, [1, 30, 40]);
    const sound = { samples: [Array.from({ length: 11 }, (_, i) => Math.sin(i))] };
    assert.deepEqual((await wav2vec2.run(sound)).logits.dims, [1, 1, 40]);
  });

  const settings: [family: string, changes: object, kind: FailureKind, what: RegExp][] = [
    ['gpt2', { model_type: 'mamba' }, 'unsupported', /model_type.*mamba/],
    ['gpt2', { model_type: undefined }, 'unsupported', /model_type/],
    ['bert', { architectures: ['BertForSequenceClassification'] }, 'unsupported', /BertForSeq/],
    ['gpt2', { scale_attn_by_inverse_layer_idx: true }, 'unsupported', /inverse_layer/],
    ['gpt2', { activation_function: 'mish' }, 'unsupported', /activation_function.*mish/],
    ['llama', { rope_parameters: { rope_type: 'yarn', factor: 2 } }, 'unsupported', /yarn/],
    ['qwen2', { use_sliding_window: true }, 'unsupported', /use_sliding_window/],
    ['t5', { feed_forward_proj: 'gated-mish' }, 'unsupported', /gated-mish/],
    ['albert', { inner_group_num: 2 }, 'unsupported', /inner_group_num/],
    ['wav2vec2', { add_adapter: true }, 'unsupported', /add_adapter/],
    ['gpt2', { n_layer: undefined }, 'model', /lacks “n_layer”/],
    ['gpt2', { n_layer: 1e6 }, 'model', /n_layer.*1000000/],
    ['gpt2', { n_head: 3 }, 'model', /16.*3/],
    ['llama', { num_key_value_heads: 3 }, 'model', /4.*3/],
    ['bert', { layer_norm_eps: 'small' }, 'model', /layer_norm_eps/],
    ['m2m100', { pad_token_id: -1 }, 'model', /pad_token_id/],
    ['wav2vec2', { conv_stride: [3] }, 'model', /conv_stride/],
    ['wav2vec2', { num_conv_pos_embedding_groups: 3 }, 'model', /16.*3/],
    // Sizes that contradict the weights.
    ['gpt2', { vocab_size: 41 }, 'model', /wte.*\[40, 16\].*\[41, 16\]/],
    ['gpt2', { n_layer: 3 }, 'model', /there is no “transformer\.h\.2\./],
  ];
  for (const [family, changes, kind, what] of settings) {
    test(`${family} with ${JSON.stringify(changes)}`, async () => {
      const parameters = await savedParameters(family);
      const config = { ...configOf(family), ...changes };
      const refused = failure(() => openReference(config, parameters, plainKernel));
      assert.equal(refused.kind, kind);
      assert.match(inEnglish(refused.what), what);
    });
  }

  test('a model of sound without the weight that adds positions: what can help is said', async () => {
    const { shapes, read } = await savedParameters('wav2vec2');
    const others = [...shapes].filter(([name]) => !/pos_conv_embed\.conv\..*weight/.test(name));
    assert.ok(others.length < shapes.size);
    const store = { shapes: new Map(others), read };
    const refused = await rejection(async () => {
      const model = openReference(configOf('wav2vec2'), store, plainKernel);
      await model.run({ samples: [Array.from({ length: 11 }, (_, i) => Math.sin(i))] });
    });
    assert.equal(refused.kind, 'model');
    assert.match(refused.message, /convolution that adds positions: export the model again from/);
  });

  test('a config.json that is no object', () => {
    for (const config of [undefined, null, 'gpt2', [], 7]) {
      assert.equal(failure(() => referenceParameters(config)).kind, 'model');
    }
  });
});

suite('reference Transformer, how it reads weights', () => {
  test('the parameters that it asks for are those that transformers saves', async () => {
    for (const family of familyNames) {
      const { shapes } = await savedParameters(family);
      const asked = referenceParameters(configOf(family));
      for (const [name, dims] of shapes) {
        // A table that two stacks share is asked for under the names that they have for it.
        const own = name.replace(/shared(?=\.weight$)/, 'encoder.embed_tokens');
        // Wav2Vec 2.0 hides parts of the sound while it learns; sinusoids are computed.
        if (!/masked_spec_embed|embed_positions/.test(name) || asked.has(name)) {
          assert.deepEqual(asked.get(own), dims, name);
        }
      }
    }
  });

  test('a model saved without its head’s prefix is read as well', async () => {
    const saved = await savedParameters('gpt2');
    const bare = renamed(saved, (name) => name.replace('transformer.', ''));
    const [example] = examplesOf('gpt2');
    assert.ok(example);
    const run = (store: ParameterStore): Promise<ReferenceRun> =>
      openReference(configOf('gpt2'), store, plainKernel).run(inputOf(example));
    assert.deepEqual(await run(bare), await run(saved));
  });

  test('layer by layer: none is read before it runs, and nothing when opened', async () => {
    const saved = await savedParameters('gpt2');
    const read: string[] = [];
    const watched: ParameterStore = {
      shapes: saved.shapes,
      read: (name, transposed) => {
        read.push(name);
        return saved.read(name, transposed);
      },
    };
    const model = openReference(configOf('gpt2'), watched, plainKernel);
    assert.equal(read.length, 0);
    const hasRead = (layer: string): boolean => read.some((name) => name.includes(layer));
    const seen: (number | boolean)[][] = [];
    await model.run(
      { ids: [[5, 17]] },
      {
        onProgress: (done, total) => {
          seen.push([done, total, ...['.h.0.', '.h.1.'].map(hasRead)]);
        },
      },
    );
    assert.deepEqual(seen, [
      [0, 2, false, false],
      [1, 2, true, false],
      [2, 2, true, true],
    ]);
    // Queries, keys and values are one parameter.
    assert.equal(read.filter((name) => name === 'transformer.h.0.attn.c_attn.weight').length, 1);
  });

  test('a run ends between layers when it is aborted', async () => {
    const model = await openFamily('gpt2');
    const controller = new AbortController();
    const reason = new Error('stopped by the test');
    let layers = 0;
    await assert.rejects(
      model.run(
        { ids: [[5, 17]] },
        {
          signal: controller.signal,
          onProgress: (done) => {
            layers = done;
            if (done === 1) {
              controller.abort(reason);
            }
          },
        },
      ),
      reason,
    );
    assert.equal(layers, 1);
  });

  test('kept parameters are read once, as many as there is room for', async () => {
    const counts = new Map<string, number>();
    const store: ParameterStore = {
      shapes: new Map([
        ['a', [2, 2]],
        ['b', [4]],
        ['c', [1]],
      ]),
      read: (name) => {
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        return name === 'c' && count === 1
          ? Promise.reject(new Error('unreadable at first'))
          : Promise.resolve(new Float32Array(store.shapes.get(name)?.length ?? 0));
      },
    };
    const kept = cachedParameters(store, 24);
    for (const name of ['a', 'b', 'a', 'b']) {
      await kept.read(name, false);
    }
    assert.deepEqual(
      [...counts],
      [
        ['a', 1],
        ['b', 2],
      ],
    );
    await assert.rejects(kept.read('c', false));
    await kept.read('c', false);
    await kept.read('c', false);
    assert.equal(counts.get('c'), 2);
  });
});

function renamed(store: ParameterStore, rename: (name: string) => string): ParameterStore {
  const names = new Map([...store.shapes.keys()].map((name) => [rename(name), name]));
  return {
    shapes: new Map([...store.shapes].map(([name, dims]) => [rename(name), dims])),
    read: (name, transposed) => store.read(names.get(name) ?? name, transposed),
  };
}
