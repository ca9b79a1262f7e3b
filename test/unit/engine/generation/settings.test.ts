import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import {
  createProcessors,
  removeInvalidScores,
} from '../../../../src/engine/generation/logitsProcessors';
import { generationSettingsOf } from '../../../../src/engine/generation/settings';
import {
  candidates,
  createSampler,
  warp,
  type SamplingOptions,
} from '../../../../src/engine/generation/sampling';
import { openModel, type OpenModel } from '../../../../src/engine/openModel';
import { complete } from '../../../../src/engine/tasks/complete';
import { translate } from '../../../../src/engine/tasks/translate';
import { readGenerationConfig } from '../../../../src/library/generationConfig';
import {
  GENERATION_SETTINGS,
  type GenerationSetting,
  type Treatment,
} from '../../../../src/library/generationSettings';
import { root } from '../../../support/root';
import { assertSection } from '../../../support/supportPage';
import { context, listen } from '../../../support/engine/models';
import { randomModel, type RandomFamily } from '../../../support/engine/randomModels';
import { settingsSection } from '../../../support/engine/settingsTable';

/** What `generate` of `transformers` does, made by test/fixtures/generation/settings.py. */
interface Expected {
  fields: string[];
  defaults: Record<string, unknown>;
  cases: {
    model: Family;
    about: GenerationSetting[];
    settings: Record<string, unknown>;
    prompt: number[];
    /** With the token that ends the text. */
    ids: number[];
  }[];
  sampling: {
    scores: number[];
    cases: { settings: Record<string, unknown>; one: number[]; several: number[] }[];
  };
  beamSampling: {
    settings: Record<string, unknown>;
    prompt: number[];
    newTokens: number;
    runs: number;
    counts: Record<string, number>;
  };
}

type Family = Exclude<RandomFamily, 'm2m100'>;

const expected = JSON.parse(
  readFileSync(path.join(root, 'test/fixtures/generation/settings.json'), 'utf8'),
) as Expected;

/** Settings that a test above has shown to be honoured. */
const shown = new Set<GenerationSetting>();

suite('engine/generation/settings, against generate of transformers', () => {
  for (const { model, about, settings, prompt, ids } of expected.cases) {
    const named = about.map((name) => `${name} ${JSON.stringify(settings[name])}`).join(', ');
    test(`${model}: ${named}`, async () => {
      const found = await written(model, settings, prompt);
      const [end] = ids.slice(-1);
      const ends = [settings['eos_token_id']].flat();
      assert.deepEqual(found, ends.includes(end) ? ids.slice(0, -1) : ids);
      for (const name of about) {
        shown.add(name);
      }
    });
  }

  for (const { settings, one, several } of expected.sampling.cases) {
    test(`what may be drawn with ${JSON.stringify(settings)}`, () => {
      const rules = readGenerationConfig(settings, {});
      const options: SamplingOptions = { temperature: 1, topK: 50, ...rules };
      const scores = Float32Array.from(expected.sampling.scores);
      assertProbabilities(probabilitiesOf(candidates(scores, options)), one);
      const kept = warp(scores, options, 3);
      const total = kept.reduce((sum, { score }) => sum + Math.exp(score), 0);
      assertProbabilities(
        probabilitiesOf(
          kept.map(({ id, score }) => ({ id, probability: Math.exp(score) / total })),
        ),
        several,
      );
      for (const name of Object.keys(settings)) {
        shown.add(name as GenerationSetting);
      }
    });
  }

  test('do_sample: tokens are drawn; without top_k from the 50 most likely ones', async () => {
    assert.equal(expected.defaults['top_k'], 50);
    const { recommended } = await withSettings('gpt2', { do_sample: true });
    assert.deepEqual([recommended.temperature, recommended.topK], [1, 50]);
    const scores = Float32Array.from({ length: 200 }, (_, id) => ((id * 77) % 200) / 100);
    const seeds = Array.from({ length: 400 }, (_, seed) => seed);
    const ids = new Set(seeds.map((seed) => createSampler({ ...recommended, seed })(scores)));
    const best = Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    assert.ok(ids.size > 40);
    assert.deepEqual(
      [...ids].filter((id) => !best.slice(0, 50).includes(id)),
      [],
    );
    shown.add('do_sample');
  });

  test('do_sample with num_beams: texts come as often as with transformers', async () => {
    const { settings, prompt, newTokens, runs, counts } = expected.beamSampling;
    const own = new Map<string, number>();
    for (let seed = 0; seed < runs; seed++) {
      const key = JSON.stringify(await written('gpt2', settings, prompt, seed, newTokens));
      own.set(key, (own.get(key) ?? 0) + 1);
    }
    const theirs = new Map(Object.entries(counts).map(([key, count]) => [spaceless(key), count]));
    let chiSquared = 0;
    let degrees = -1;
    for (const key of new Set([...theirs.keys(), ...own.keys()])) {
      const [a, b] = [own.get(key) ?? 0, theirs.get(key) ?? 0];
      if (a + b >= 20) {
        chiSquared += (a - b) ** 2 / (a + b);
        degrees++;
      }
    }
    assert.ok(degrees >= 5, `${degrees} degrees of freedom tell too little`);
    // Four standard deviations above the mean of the distribution.
    const limit = degrees + 4 * Math.sqrt(2 * degrees);
    assert.ok(chiSquared < limit, `χ² = ${chiSquared} with ${degrees} degrees of freedom`);
  });

  test('remove_invalid_values: no number is 0, an infinite one the largest or smallest', () => {
    const scores = Float32Array.of(NaN, Infinity, -Infinity, 2);
    removeInvalidScores(scores);
    const largest = Float32Array.of(3.4028234663852886e38)[0] as number;
    assert.deepEqual(scores, Float32Array.of(0, largest, -largest, 2));
    const rules = readGenerationConfig({ remove_invalid_values: true }, {});
    const frame = { endIds: new Set<number>(), source: [], promptLength: 1, maxLength: 9 };
    assert.deepEqual(createProcessors(rules, frame), [removeInvalidScores]);
    shown.add('remove_invalid_values');
  });

  test('bos_token_id: what an empty text is completed from', async () => {
    const folder = randomModel('gpt2', { generation: { bos_token_id: 17, eos_token_id: 0 } });
    const { engine } = listen();
    const complete = async (text: string): Promise<number[]> => {
      const options = { maxNewTokens: 4 };
      const answer = await engine.complete({ model: { folder }, text, options }, context());
      return answer.tokens.map(({ id }) => id);
    };
    assert.deepEqual(await complete(''), await complete('w17'));
    shown.add('bos_token_id');
  });
});

suite('engine/generation/settings', () => {
  test('of config.json alone are those of a model without generation_config.json', () => {
    const settings = { num_beams: 3, min_length: 5, top_k: 7, repetition_penalty: 1.5 };
    const config = { ...settings, model_type: 'bart', force_bos_token_to_be_generated: true };
    const found = readGenerationConfig(undefined, { ...config, bos_token_id: 4 });
    const { beams, minLength, topK, repetitionPenalty, forcedBeginToken } = found;
    assert.deepEqual([beams, minLength, topK, repetitionPenalty], [3, 5, 7, 1.5]);
    assert.equal(forcedBeginToken, 4);
    const nested = readGenerationConfig(undefined, {
      decoder: { num_beams: 6, top_k: 1 },
      top_k: 2,
    });
    assert.deepEqual([nested.beams, nested.topK], [6, 2]);
    // Where there is the newer file, the older one gives the names of tokens alone.
    const both = readGenerationConfig({ top_k: 9 }, { ...config, eos_token_id: 8 });
    assert.deepEqual([both.topK, both.beams, both.endTokens], [9, undefined, [8]]);
  });

  test('−1 stands for no token, and for no bound', () => {
    const found = readGenerationConfig(
      {
        pad_token_id: -1,
        bos_token_id: -1,
        eos_token_id: -1,
        forced_bos_token_id: -1,
        forced_eos_token_id: -1,
        suppress_tokens: [-1],
        top_k: -1,
        top_p: 0,
      },
      {},
    );
    assert.deepEqual(found, {
      endTokens: [],
      sample: false,
      suppressedTokens: [],
      suppressedAtBegin: [],
      badWords: [],
      topK: 0,
      topP: 0,
    });
  });

  test('that Headlight leaves out are told with the result, where they would change it', async () => {
    const asked = { watermarking_config: { bias: 2 }, token_healing: true, penalty_alpha: 0.6 };
    const harmless = { guidance_scale: 1, token_healing: false, use_cache: false, top_p: 'all' };
    const folder = randomModel('gpt2', { generation: { eos_token_id: 0, ...harmless, ...asked } });
    const { engine } = listen();
    const warnings = async (options: object): Promise<unknown[]> => {
      const params = { model: { folder }, text: 'w7 w8', options: { maxNewTokens: 1, ...options } };
      const answer = await engine.complete(params, context());
      return answer.warnings.filter(({ kind }) => kind.endsWith('Settings'));
    };
    const always = ['token_healing = true', 'watermarking_config = {"bias":2}'];
    assert.deepEqual(await warnings({}), [
      { kind: 'unmetSettings', settings: [...always, 'penalty_alpha = 0.6'] },
    ]);
    assert.deepEqual(await warnings({ temperature: 1 }), [
      { kind: 'unmetSettings', settings: always },
      { kind: 'invalidSettings', settings: ['top_p = "all"'] },
    ]);
    assert.deepEqual(await warnings({ temperature: 1, topP: 0.5 }), [
      { kind: 'unmetSettings', settings: always },
    ]);
  });

  test('too many forbidden words are named, not read', () => {
    const words = Array.from({ length: 100_001 }, () => [1]);
    const { badWords, unmet } = readGenerationConfig({ bad_words_ids: words }, {});
    assert.deepEqual(badWords, []);
    assert.deepEqual(unmet, [
      { name: 'bad_words_ids', value: '[…]', because: 'invalid', occasion: 'always' },
    ]);
  });

  test('are all that GenerationConfig has', () => {
    assert.deepEqual(Object.keys(GENERATION_SETTINGS).sort(), [...expected.fields].sort());
  });

  test('are what docs/support.md says, and every one that it calls honoured was shown to be', () => {
    const treatments = Object.entries<Treatment>(GENERATION_SETTINGS);
    const honoured = treatments.filter(([, { does }]) => does === 'honoured');
    assert.deepEqual(
      honoured.map(([name]) => name).filter((name) => !shown.has(name as GenerationSetting)),
      [],
      'no test has shown these to be honoured',
    );
    assertSection(settingsSection(treatments), 'engine/generation/settings');
  });
});

/** The new tokens that a model writes after a prompt, the one that ends the text apart. */
async function written(
  family: Family,
  settings: Record<string, unknown>,
  prompt: readonly number[],
  seed = 0,
  maxNewTokens = 10,
): Promise<number[]> {
  const model = await withSettings(family, settings);
  const text = prompt.map((id) => `w${id}`).join(' ');
  if (model.architecture === 'decoder') {
    const answer = await complete(
      model,
      { text, stopAt: undefined },
      { maxNewTokens, seed },
      0,
      context<'complete'>(),
    );
    return answer.tokens.map(({ id }) => id);
  }
  assert.ok(model.architecture === 'encoder-decoder');
  const answer = await translate(model, { text, format: 'plain' }, {}, 0, context<'translate'>());
  return answer.parts.flatMap(({ tokens }) => tokens.map(({ id }) => id));
}

const models = new Map<Family, Promise<OpenModel>>();

/** A model as if its folder had these settings; it is read once. */
async function withSettings(family: Family, settings: Record<string, unknown>): Promise<OpenModel> {
  const opened = models.get(family) ?? openModel(randomModel(family, {}));
  models.set(family, opened);
  const model = await opened;
  const generation = readGenerationConfig(settings, {});
  return {
    ...model,
    folder: { ...model.folder, generation },
    ...generationSettingsOf(generation, model.tokenizer, model.limits.context),
  } as OpenModel;
}

function probabilitiesOf(found: readonly { id: number; probability: number }[]): number[] {
  const byId = new Map(found.map(({ id, probability }) => [id, probability]));
  return Array.from({ length: 40 }, (_, id) => byId.get(id) ?? 0);
}

function assertProbabilities(found: readonly number[], wanted: readonly number[]): void {
  for (const [id, probability] of wanted.entries()) {
    const difference = Math.abs((found[id] ?? 0) - probability);
    assert.ok(difference < 2e-6, `token ${id}: ${found[id]} and not ${probability}`);
  }
}

function spaceless(text: string): string {
  return text.replaceAll(' ', '');
}
