import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { findLanguage, languageTag } from '../../../../src/engine/languages/languageCodes';
import { closestLanguages } from '../../../../src/engine/languages/closestLanguages';
import { stripLanguageCodes } from '../../../../src/engine/languages/opusTarget';
import {
  prepareTranslation,
  type PreparedModel,
} from '../../../../src/engine/languages/prepareTranslation';
import { openModel } from '../../../../src/engine/openModel';
import type { TextToTextResult } from '../../../../src/shared/textToText';
import type { RequestedLanguages, ModelLanguage } from '../../../../src/shared/modelSummary';
import { rejection } from '../../../support/failures';
import { root } from '../../../support/root';
import { context, listen } from '../../../support/engine/models';
import {
  randomModel,
  wordTokenizer,
  type RandomModelFiles,
} from '../../../support/engine/randomModels';

/** What `transformers` does, made by test/fixtures/generation/languages.py. */
interface Expected {
  text: string;
  generation: object;
  cases: {
    name: string;
    family: string;
    tokenizer: object;
    config: object;
    runs: { source: string; target: string; ids: number[]; forced: number; generated?: number[] }[];
  }[];
  /** By the ids of the source and the first token. */
  byHand: Record<string, number[]>;
}

const expected = JSON.parse(
  readFileSync(path.join(root, 'test/fixtures/generation/languages.json'), 'utf8'),
) as Expected;
const { generation } = expected;

suite('engine/languages, against transformers', () => {
  for (const { name, family, tokenizer, config, runs } of expected.cases) {
    for (const { source, target, ids, forced, generated } of runs) {
      test(`${name}: ${source} to ${target}`, async () => {
        const files = { generation, tokenizer, tokenizerConfig: config };
        const folder = randomModel('m2m100', { ...files, config: { model_type: family } });
        const { model, ...languages } = await prepare(folder, { source, target });
        assert.deepEqual(languages, { source, target });
        const read = model.tokenizer.encode(expected.text, { addSpecialTokens: true });
        assert.deepEqual(
          read.map(({ id }) => id),
          ids,
        );
        assert.equal(model.limits.rules?.forcedBeginToken, forced);
        // A text in Latin letters is no Chinese, and is left alone where English is asked for.
        if (generated !== undefined && !source.startsWith('zh')) {
          const answer = await translated(folder, expected.text, { source, target });
          assert.deepEqual(idsOf(answer), generated);
          assert.deepEqual(answer.languages, { source, target });
        }
      });
    }
  }

  const m2m = { 31: '__en__', 32: '__fr__', 33: '__zh__', 2: '</s>' };
  const around = { before: [31], after: [2] };
  const text = 'w7 w10 w13';
  const runs: [title: string, files: RandomModelFiles, asked: RequestedLanguages, key: string][] = [
    [
      'M2M100, told by tokenizer.json',
      { tokenizer: wordTokenizer(m2m, around) },
      { source: 'en', target: 'fr' },
      '31,7,10,13,2 32',
    ],
    [
      'M2M100, told by its class',
      {
        tokenizer: wordTokenizer({ ...m2m }, { before: [], after: [] }),
        tokenizerConfig: { tokenizer_class: 'M2M100Tokenizer', eos_token: '</s>' },
      },
      { source: 'English', target: 'fr-FR' },
      '31,7,10,13,2 32',
    ],
    [
      'SMaLL-100, whose source begins with the target',
      {
        tokenizer: wordTokenizer(m2m, around),
        tokenizerConfig: { tokenizer_class: 'SMALL100Tokenizer' },
      },
      { target: 'fr' },
      '32,7,10,13,2 None',
    ],
  ];
  for (const [title, files, asked, key] of runs) {
    test(title, async () => {
      const folder = randomModel('m2m100', { generation, ...files });
      const answer = await translated(folder, text, asked);
      assert.deepEqual(idsOf(answer), expected.byHand[key]);
      assert.ok(!answer.text.includes('__'), 'the token of a language is no part of the result');
    });
  }

  test('a target that is given is read as in training, its language first', async () => {
    const folder = randomModel('m2m100', { generation, tokenizer: wordTokenizer(m2m, around) });
    const { sequences } = await listen().engine.trace(
      { model: { folder }, text, target: 'w5 w6', languages: { source: 'zh', target: 'fr' } },
      context(),
    );
    assert.deepEqual(
      sequences.encoder?.map(({ id }) => id),
      [33, 7, 10, 13, 2],
    );
    assert.deepEqual(
      sequences.decoder?.map(({ id }) => id),
      [2, 32, 5, 6, 2],
    );
  });
});

suite('engine/languages: OPUS-MT of several targets', () => {
  // The tokens are in the vocabulary alone, where the tokenizer does not look for them in a text.
  const tokenizer = wordTokenizer({ 35: '>>fra<<', 36: '>>deu<<' }, { before: [], after: [2] });
  const files = {
    tokenizer,
    generation: { ...generation, decoder_start_token_id: 2 },
  };
  const folder = (): string => randomModel('marian', files);

  test('a code in the text reaches the encoder of every sentence, and no result', async () => {
    const given = '>>fra<< w7 w8. w9 w10.\n>>fra<< w11 w12\n';
    const answer = await translated(folder(), given, {});
    const sources = answer.parts.map(({ source }) => given.slice(source.start, source.end));
    const plain = await translated(folder(), 'w7 w8. w9 w10.\nw11 w12\n', { target: 'French' });
    assert.deepEqual(idsOf(answer), idsOf(plain));
    assert.equal(answer.text, plain.text);
    assert.equal(sources.join('|'), 'w7 w8. w9 w10.|w11 w12');
    assert.deepEqual(answer.languages, { target: 'fra' });
    const german = await translated(folder(), 'w7 w8. w9 w10.\nw11 w12\n', { target: 'de' });
    assert.notDeepEqual(idsOf(german), idsOf(plain));
  });

  test('what is traced is what is read', async () => {
    const { engine } = listen();
    const model = { folder: folder() };
    const read = async (text: string, languages?: RequestedLanguages): Promise<unknown> => {
      const params = { model, text, ...(languages === undefined ? {} : { languages }) };
      const { sequences } = await engine.trace(params, context());
      return sequences.encoder?.map(({ id, start, end }) => [id, start, end]);
    };
    assert.deepEqual(await read('>>deu<< w7 w8'), [
      [36, 0, 7],
      [7, 8, 10],
      [8, 11, 13],
      [2, 0, 0],
    ]);
    assert.deepEqual(await read('w7 w8', { target: 'fra' }), [
      [35, 0, 0],
      [7, 0, 2],
      [8, 3, 5],
      [2, 0, 0],
    ]);
  });

  test('without a language, or with one that it lacks, the failure names what it has', async () => {
    for (const [given, asked] of [
      ['w7', {}],
      ['>>ita<< w7', {}],
      ['w7', { target: 'Italian' }],
    ] as const) {
      const failure = await rejection(() => translated(folder(), given, asked));
      assert.equal(failure.kind, 'input');
      const place = given.includes('ita') ? '>>ita<<' : 'headlight.translate.target';
      assert.equal(failure.where, place);
      assert.match(failure.message, /fra, deu/);
    }
    const several = await rejection(() => translated(folder(), '>>fra<< w7\n>>deu<< w8', {}));
    assert.match(several.message, /fra, deu/);
    const { languages } = await listen().engine.openModel(
      { model: { folder: folder() } },
      context(),
    );
    assert.deepEqual(languages, {
      sources: [],
      targets: [
        { code: 'fra', tag: 'fr' },
        { code: 'deu', tag: 'de' },
      ],
      always: true,
    });
  });

  test('parts know where they stand in the text that was given', () => {
    const given = '  >>fra<< ab\n\n>>fra<<cd';
    const { text, code, placeOf } = stripLanguageCodes(given);
    assert.deepEqual([text, code], ['ab\n\ncd', 'fra']);
    for (const part of ['ab', 'cd']) {
      const { start, end } = placeOf({ start: text.indexOf(part), end: text.indexOf(part) + 2 });
      assert.equal(given.slice(start, end), part);
    }
    assert.deepEqual(stripLanguageCodes('a >>fra<< b').text, 'a >>fra<< b');
  });
});

suite('engine/languages: prefixes', () => {
  const tasks = {
    summarization: { prefix: 'w1 w2 ', max_length: 4 },
    translation_en_to_de: { prefix: 'w3 w4 ', max_length: 3 },
    translation_en_to_fr: { prefix: 'w5 w6 ', no_repeat_ngram_size: 1 },
  };
  const settings = { decoder_start_token_id: 0, pad_token_id: 0, eos_token_id: 1, max_length: 9 };
  const folder = (): string =>
    randomModel('t5', { generation: settings, config: { task_specific_params: tasks } });

  test('that of the language asked for is read, with the settings of its task', async () => {
    const french = await translated(folder(), 'w7 w8', { target: 'fra' });
    assert.deepEqual(french.languages, { source: 'en', target: 'fr' });
    const plain = { generation: { ...settings, no_repeat_ngram_size: 1 } };
    const whole = await translated(randomModel('t5', plain), 'w5 w6 w7 w8', {});
    assert.deepEqual(idsOf(french), idsOf(whole));
    const german = await translated(folder(), 'w7 w8', { target: 'de', source: 'English' });
    assert.ok(idsOf(german).length <= 2, 'max_length of the task');
  });

  test('a model that has other tasks too does not always read a language', async () => {
    const { languages } = await listen().engine.openModel(
      { model: { folder: folder() } },
      context(),
    );
    assert.equal(languages?.always, false);
  });

  test('a summary has the settings of its task', async () => {
    const summary = await listen().engine.summarize(
      { model: { folder: folder() }, text: 'w7 w8 w9 w10 w11 w12 w13', options: {} },
      context(),
    );
    assert.ok(idsOf(summary).length <= 3);
  });

  test('of several languages one must be named, and be there', async () => {
    for (const asked of [{}, { target: 'it' }, { source: 'ja', target: 'fr' }]) {
      const failure = await rejection(() => translated(folder(), 'w7', asked));
      assert.match(failure.message, /: (de, fr|en)$/);
    }
  });

  test('MADLAD-400 takes a token of its own', async () => {
    const tokenizer = wordTokenizer({ 20: '<2fr>', 21: '<2zh_Hant>' });
    const told = randomModel('t5', { generation: settings, tokenizer });
    const answer = await translated(told, 'w7 w8', { target: 'French' });
    const literal = randomModel('t5', { generation: settings });
    assert.deepEqual(idsOf(answer), idsOf(await translated(literal, 'w20 w7 w8', {})));
    assert.deepEqual(answer.languages, { target: 'fr' });
  });
});

suite('engine/languages: models that cannot be told', () => {
  test('a language other than its own is refused', async () => {
    const config = { _name_or_path: 'Helsinki-NLP/opus-mt-en-fr' };
    const own = randomModel('marian', { generation, config });
    const answer = await translated(own, 'w7 w8', { source: 'eng', target: 'fra_Latn' });
    assert.deepEqual(answer.languages, { source: 'en', target: 'fr' });
    for (const asked of [{ target: 'de' }, { source: 'de' }]) {
      const failure = await rejection(() => translated(own, 'w7', asked));
      assert.match(failure.message, /“(fr|en)” only, not (into|from) “de”/);
    }
    const unknown = randomModel('marian', { generation });
    const failure = await rejection(() => translated(unknown, 'w7', { target: 'de' }));
    assert.match(failure.message, /cannot be told to translate into “de”/);
  });
});

suite('engine/languages: codes as people write them', () => {
  const models = {
    nllb: [
      'eng_Latn',
      'fra_Latn',
      'zho_Hans',
      'zho_Hant',
      'arb_Arab',
      'acm_Arab',
      'nob_Latn',
      'tgl_Latn',
      'swh_Latn',
      'pes_Arab',
      'prs_Arab',
    ],
    mbart: ['en_XX', 'fr_XX', 'zh_CN', 'pt_XX', 'tl_XX', 'sw_KE', 'ar_AR'],
    m2m100: ['en', 'fr', 'zh', 'ns', 'no', 'tl', 'sw', 'ar', 'he'],
    opus: ['fra', 'pt', 'pt_br', 'cmn_Hans', 'cmn_Hant', 'ROMANCE'],
  };
  const cases: [model: keyof typeof models, asked: string, code: string | undefined][] = [
    ['nllb', 'fr', 'fra_Latn'],
    ['nllb', 'fr_XX', 'fra_Latn'],
    ['nllb', 'FRA_latn', 'fra_Latn'],
    ['nllb', 'French', 'fra_Latn'],
    ['nllb', 'français', 'fra_Latn'],
    ['nllb', '法语', 'fra_Latn'],
    ['nllb', 'zh', 'zho_Hans'],
    ['nllb', 'zh-CN', 'zho_Hans'],
    ['nllb', 'zh_TW', 'zho_Hant'],
    ['nllb', 'Chinese', 'zho_Hans'],
    ['nllb', 'ar', 'arb_Arab'],
    ['nllb', 'no', 'nob_Latn'],
    ['nllb', 'sw', 'swh_Latn'],
    ['nllb', 'fa', 'pes_Arab'],
    ['nllb', 'it', undefined],
    ['nllb', 'Klingon', undefined],
    ['nllb', '', undefined],
    ['nllb', '__proto__', undefined],
    ['mbart', 'fra_Latn', 'fr_XX'],
    ['mbart', 'zh', 'zh_CN'],
    ['mbart', 'zh-TW', 'zh_CN'],
    ['mbart', 'pt-BR', 'pt_XX'],
    ['mbart', 'fil', 'tl_XX'],
    ['mbart', 'swahili', 'sw_KE'],
    ['m2m100', 'zho_Hant', 'zh'],
    ['m2m100', 'nso', 'ns'],
    ['m2m100', 'nb', 'no'],
    ['m2m100', 'iw', 'he'],
    ['opus', 'fr', 'fra'],
    ['opus', 'pt', 'pt'],
    ['opus', 'pt-BR', 'pt_br'],
    ['opus', 'zh', 'cmn_Hans'],
    ['opus', 'zh-TW', 'cmn_Hant'],
    ['opus', 'romance', 'ROMANCE'],
  ];
  const languagesOf = (model: keyof typeof models): ModelLanguage[] =>
    models[model].map((own) => {
      const tag = languageTag(own);
      return { code: own, ...(tag === undefined ? {} : { tag }) };
    });
  for (const [model, asked, code] of cases) {
    test(`${model}: ${asked} is ${code ?? 'not there'}`, () => {
      assert.equal(findLanguage(languagesOf(model), asked)?.code, code);
    });
  }

  const near: [model: keyof typeof models, asked: string, code: string][] = [
    ['nllb', 'Frnech', 'fra_Latn'],
    ['nllb', 'francais', 'fra_Latn'],
    ['nllb', 'tgla_Latn', 'tgl_Latn'],
    ['nllb', 'swahilli', 'swh_Latn'],
    ['mbart', 'portugese', 'pt_XX'],
    ['opus', 'pt_brr', 'pt_br'],
  ];
  for (const [model, asked, code] of near) {
    test(`${model}: ${asked} is nearest to ${code}`, () => {
      assert.equal(findLanguage(languagesOf(model), asked), undefined);
      assert.equal(closestLanguages(languagesOf(model), asked, 3)[0]?.code, code);
    });
  }

  test('of many languages a failure names the nearest, and where the wrong one was asked for', async () => {
    const codes = [
      'fra',
      'deu',
      'ita',
      'spa',
      'por',
      'ron',
      'cat',
      'glg',
      'oci',
      'vec',
      'lmo',
      'fur',
      'scn',
    ];
    const tokens = Object.fromEntries(codes.map((code, index) => [20 + index, `>>${code}<<`]));
    const tokenizer = wordTokenizer(tokens, { before: [], after: [2] });
    const folder = randomModel('marian', {
      tokenizer,
      generation: { ...generation, decoder_start_token_id: 2 },
    });
    const failure = await rejection(() => translated(folder, 'w7', { target: 'Galisian' }));
    assert.match(
      failure.message,
      /“Galisian” \(headlight\.translate\.target\): choose one of the 13 that it has, such as glg(, [a-z]{3}){4}$/,
    );
  });
});

async function prepare(folder: string, asked: RequestedLanguages): Promise<PreparedModel> {
  const model = await openModel(folder);
  assert.ok(model.architecture === 'encoder-decoder');
  return prepareTranslation(model, asked, 'target');
}

async function translated(
  folder: string,
  text: string,
  languages: RequestedLanguages,
): Promise<TextToTextResult> {
  const params = { model: { folder }, text, options: {}, languages };
  return listen().engine.translate(params, context());
}

function idsOf({ parts }: TextToTextResult): number[] {
  return parts.flatMap(({ tokens }) => tokens.map(({ id }) => id));
}
