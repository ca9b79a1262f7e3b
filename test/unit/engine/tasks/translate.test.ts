import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from '../../../../src/engine/engine';
import type { TextToTextProgress, TextToTextResult } from '../../../../src/shared/textToText';
import type { ModelChoice } from '../../../../src/shared/modelSummary';
import { rejection } from '../../../support/failures';
import {
  change,
  context,
  listen,
  seq2seqReference,
  tinyEncoder,
  tinyModel,
  tinySeq2seq,
  type Decoders,
  type WrittenReference,
} from '../../../support/engine/models';

const families = ['marian', 't5'] as const;
const decoders: Decoders[] = ['merged', 'split', 'without-cache'];
const TOLERANCE = 1e-5;
const END = { marian: 0, t5: 1 };
/** `max_length` of the fixtures is 12, the token that begins every output included. */
const OWN_LIMIT = 11;

suite('engine/tasks/translate, against transformers', () => {
  for (const family of families) {
    for (const kind of decoders) {
      test(`${family}, ${kind}: greedy tokens and their log-probabilities`, async () => {
        const { engine } = listen();
        const model = { folder: tinySeq2seq(family, kind) };
        const { keyValueCache } = await engine.openModel({ model }, context());
        assert.equal(keyValueCache, kind !== 'without-cache');
        for (const reference of seq2seqReference(family).greedy) {
          const answer = await translated(engine, model, reference);
          assertWritten(family, answer, reference);
        }
      });

      test(`${family}, ${kind}: the tokens that beam search finds`, async () => {
        const { engine } = listen();
        const folders = new Map<string, string>();
        for (const reference of seq2seqReference(family).beams) {
          const settings = { ...reference.options, max_new_tokens: undefined };
          const key = JSON.stringify(settings);
          const folder = folders.get(key) ?? tinySeq2seq(family, kind);
          if (!folders.has(key)) {
            change(path.join(folder, 'generation_config.json'), settings);
            folders.set(key, folder);
          }
          const reported: TextToTextProgress[] = [];
          const answer = await translated(engine, { folder }, reference, reported);
          assertWritten(family, answer, reference);
          assert.equal(reported.map(({ delta }) => delta).join(''), answer.text);
        }
      });
    }
  }
});

async function translated(
  engine: Engine,
  model: ModelChoice,
  { text, options }: WrittenReference,
  reported: TextToTextProgress[] = [],
): Promise<TextToTextResult> {
  const { max_new_tokens: maxNewTokens } = options;
  return engine.translate(
    { model, text, options: maxNewTokens === undefined ? {} : { maxNewTokens } },
    context(undefined, reported),
  );
}

function assertWritten(
  family: (typeof families)[number],
  { parts: [part], stop }: TextToTextResult,
  { options, generated, decoded, logprobs }: WrittenReference,
): void {
  assert.ok(part);
  // The token that ends a text is no part of it.
  const ended = END[family] === generated.at(-1);
  assert.deepEqual(
    part.tokens.map(({ id }) => id),
    ended ? generated.slice(0, -1) : generated,
  );
  const limit = options.max_new_tokens ?? OWN_LIMIT;
  assert.equal(stop, generated.length === limit ? 'length' : 'end');
  assert.equal(part.text, decoded);
  for (const [index, { logprob }] of part.tokens.entries()) {
    const difference = Math.abs(logprob - (logprobs[index] as number));
    assert.ok(difference <= TOLERANCE, `log-probability ${index} is off by ${difference}`);
  }
}

suite('engine/tasks/translate', () => {
  const options = { maxNewTokens: 3 };

  test('lines, marks and indentation stay; what is reported adds up to the text', async () => {
    const text = '  // the cat sat. the dog sang.\n\n/* a mat */\n42\n';
    const { answer, steps } = await translate('marian', text);
    assert.deepEqual(
      answer.parts.map(({ source }) => text.slice(source.start, source.end)),
      ['the cat sat. the dog sang.', 'a mat'],
    );
    const [first, second] = answer.parts.map((part) => part.text);
    assert.equal(answer.text, `  // ${first}\n\n/* ${second} */\n42\n`);
    assert.equal(steps.map(({ delta }) => delta).join(''), answer.text);
    assert.deepEqual(
      steps.filter(({ token }) => token === undefined).map(({ delta }) => delta),
      ['  // ', '\n\n/* ', ' */\n42\n'],
    );
    assert.deepEqual(
      steps.flatMap(({ token, part, parts }) => (token ? [[part, parts, token.id]] : [])),
      answer.parts.flatMap(({ tokens }, part) => tokens.map(({ id }) => [part, 2, id])),
    );
    assert.ok(first !== '' && second !== '');
  });

  test('between sentences stands what the target’s language puts there', async () => {
    const text = 'The cat sat.  The dog sang.';
    for (const [target, space] of [
      ['zh', ''],
      ['de', '  '],
    ] as const) {
      const model = tinySeq2seq('marian');
      writeFileSync(
        path.join(model, 'headlight.json'),
        JSON.stringify({ task: 'translate', languages: { source: 'en', target } }),
      );
      const answer = await listen().engine.translate(
        { model: { folder: model }, text, options },
        context(),
      );
      assert.equal(answer.text, answer.parts.map((part) => part.text).join(space));
      assert.equal(answer.parts.length, 2);
    }
  });

  test('a sentence in the target’s language is copied and not read, and that is said', async () => {
    const model = toChinese();
    const text = 'The cat sat. 文件已打开。 再见。 The dog sang.\n- 关闭 `x` 窗口。\n';
    const { answer, steps } = await translateWith(model, text);
    const [first = '', second = ''] = answer.parts.map((part) => part.text);
    assert.equal(answer.text, `${first}文件已打开。 再见。${second}\n- 关闭 \`x\` 窗口。\n`);
    assert.equal(steps.map(({ delta }) => delta).join(''), answer.text);
    assert.deepEqual(sources(text, answer), ['The cat sat.', 'The dog sang.']);
    const sentences = ['文件已打开。', '再见。', '关闭 `x` 窗口。'];
    assert.deepEqual(
      answer.warnings.filter(({ kind }) => kind === 'alreadyTranslated'),
      [{ kind: 'alreadyTranslated', sentences }],
    );
    const name = '打开 README 文件，再运行 cat。';
    const named = await translateWith(model, `The cat sat. ${name}`);
    assert.deepEqual(sources('The cat sat.', named.answer), ['The cat sat.']);
    assert.ok(named.answer.text.endsWith(name));
    // Words of the source’s language make it a sentence to translate.
    for (const text of ['打开 the cat。', 'The cat sat on the 文件.']) {
      const mixed = await translateWith(model, text);
      assert.deepEqual(sources(text, mixed.answer), [text]);
    }
  });

  test('a word in brackets stays where it is a label that the document defines elsewhere', async () => {
    const text = 'the cat sat on [the mat] and sang.';
    const params = { model: { folder: tinySeq2seq('marian') }, text, options };
    const translated = async (labels?: string[]): Promise<string> => {
      const asked = { ...params, format: 'markdown' as const, ...(labels && { labels }) };
      return (await listen().engine.translate(asked, context())).text;
    };
    assert.ok((await translated(['The Mat'])).includes('[the mat]'));
    assert.ok(!(await translated()).includes('[the mat]'));
  });

  test('a code of letters and digits by itself is copied', async () => {
    const text = '- E001\n- UTF-8\n- the cat sat\n';
    const { answer } = await translate('marian', text);
    assert.deepEqual(sources(text, answer), ['the cat sat']);
    assert.ok(answer.text.startsWith('- E001\n- UTF-8\n- '));
  });

  test('where nothing but the target’s language is left, the text stays and gets a warning', async () => {
    const text = '- 文件已打开。 再见。\n';
    const { answer, steps } = await translateWith(toChinese(), text);
    assert.deepEqual([answer.text, answer.parts, answer.stop], [text, [], 'end']);
    assert.deepEqual(answer.warnings, [{ kind: 'sameLanguage' }]);
    assert.equal(steps.map(({ delta }) => delta).join(''), text);
  });

  test('a sentence too long for the model is translated in pieces, and nothing is lost', async () => {
    // The context is 32 tokens.
    const clauses = `${'the cat sat on the mat and sang, '.repeat(6)}then it is.`;
    const { answer } = await translate('marian', clauses);
    assert.ok(answer.parts.length > 1);
    assert.equal(answer.truncation, undefined, 'it was cut between clauses');
    assert.equal(sources(clauses, answer).join(' '), clauses);

    const words = `${'the cat sat on the mat and '.repeat(8)}sang.`;
    const cut = await translate('marian', words);
    assert.equal(sources(words, cut.answer).join(' '), words);
    const { used, total, context: window, kept } = cut.answer.truncation ?? assert.fail();
    assert.deepEqual([window, kept], [32, 'start']);
    assert.ok(used < 32 && total > 50);

    const letters = 'b'.repeat(100);
    const hard = await translate('marian', letters);
    assert.equal(sources(letters, hard.answer).join(''), letters);
    assert.ok(hard.answer.truncation);
  });

  test('cancelled within the second line: what came stays, and nothing is copied after it', async () => {
    const controller = new AbortController();
    const steps: TextToTextProgress[] = [];
    const text = 'open the file.\nopen the file.\nopen the file.\n';
    const answer = await listen().engine.translate(
      { model: { folder: tinySeq2seq('marian') }, text, options: {} },
      {
        signal: controller.signal,
        report: (step) => {
          steps.push(step);
          if (step.part === 1 && step.token) {
            controller.abort();
          }
        },
      },
    );
    assert.equal(answer.stop, 'cancelled');
    const [first, second, ...others] = answer.parts.map(({ tokens }) => tokens.length);
    assert.deepEqual([second, others], [1, []]);
    assert.ok((first ?? 0) > 1);
    assert.equal(answer.text, steps.map(({ delta }) => delta).join(''));
    assert.equal(answer.text, answer.parts.map((part) => part.text).join('\n'));
  });

  test('a text without words is a failure', async () => {
    const params = { model: { folder: tinySeq2seq('marian') }, text: '// 42\n--\n', options };
    const { kind } = await rejection(() => listen().engine.translate(params, context()));
    assert.equal(kind, 'input');
  });

  test('generation_config.json: suppressed tokens do not come, the forced one comes first', async () => {
    const model = tinySeq2seq('t5');
    const [reference] = seq2seqReference('t5').greedy;
    assert.ok(reference);
    const [usual = 0] = reference.generated;
    change(path.join(model, 'generation_config.json'), { suppress_tokens: [usual] });
    const params = { model: { folder: model }, text: reference.text, options };
    const without = await listen().engine.translate(params, context());
    assert.ok(!idsOf(without).includes(usual));
    change(path.join(model, 'generation_config.json'), {
      suppress_tokens: [],
      forced_bos_token_id: 20,
    });
    const forced = await listen().engine.translate(params, context());
    assert.equal(idsOf(forced)[0], 20);
  });

  test('config.json’s prefix for T5 is read by the model and is no part of the source', async () => {
    const model = tinySeq2seq('t5');
    const text = 'a dog sang';
    const plain = await listen().engine.translate(
      { model: { folder: model }, text, options },
      context(),
    );
    change(path.join(model, 'config.json'), {
      task_specific_params: { translation_en_to_de: { prefix: 'the cat ' } },
    });
    const prefixed = await listen().engine.translate(
      { model: { folder: model }, text, options },
      context(),
    );
    const written = await listen().engine.translate(
      { model: { folder: tinySeq2seq('t5') }, text: 'the cat a dog sang', options },
      context(),
    );
    assert.deepEqual(prefixed.parts[0]?.source, { start: 0, end: text.length });
    assert.deepEqual(prefixed.parts[0].tokens, written.parts[0]?.tokens);
    assert.notDeepEqual(prefixed.parts[0].tokens, plain.parts[0]?.tokens);
  });

  test('warnings: unknown characters, the wrong script, an unfamiliar text', async () => {
    const model = tinySeq2seq('marian');
    writeFileSync(
      path.join(model, 'headlight.json'),
      JSON.stringify({
        task: 'translate',
        languages: { source: 'en', target: 'zh' },
        domain: { name: 'cats', minimumLogprob: -0.01 },
      }),
    );
    const { warnings } = await listen().engine.translate(
      { model: { folder: model }, text: 'a dog sang 🙂 & 🙂', options },
      context(),
    );
    assert.deepEqual(warnings, [
      { kind: 'unknownCharacters', characters: ['🙂', '&'], share: 3 / 11 },
      { kind: 'unfamiliar' },
      { kind: 'pieces', missing: ['&'], added: [] },
      { kind: 'sameLanguage' },
      { kind: 'names', missing: [], added: ['hund'] },
    ]);
  });

  test('a sentence that stays since its marks were lost gets no warning for its language too', async () => {
    const model = toChinese();
    const text = 'The cat sat on `x` and the dog sang.';
    // A model that writes a placeholder whatever it reads.
    const { answer: usual } = await translateWith(model, 'the cat sat on');
    const [id = 0] = idsOf(usual);
    const file = path.join(model, 'tokenizer.json');
    const tokenizer = JSON.parse(readFileSync(file, 'utf8')) as { model: { vocab: unknown[][] } };
    tokenizer.model.vocab[id] = ['▁%s', -20];
    writeFileSync(file, JSON.stringify(tokenizer));
    const { answer } = await translateWith(model, text);
    assert.equal(answer.text, text);
    const kinds = answer.warnings.map(({ kind }) => kind);
    assert.ok(kinds.includes('untranslated') && !kinds.includes('sameLanguage'), kinds.join());
  });

  test('warnings: a result that repeats itself, one that is empty, and none', async () => {
    const { greedy } = seq2seqReference('t5');
    const model = tinySeq2seq('t5');
    const translated = async (text: string): Promise<TextToTextResult> =>
      listen().engine.translate({ model: { folder: model }, text, options: {} }, context());
    const loop = greedy.find(({ generated }) => new Set(generated).size === 1);
    assert.deepEqual((await translated(loop?.text ?? '')).warnings, [{ kind: 'repetition' }]);
    const [usual] = greedy;
    assert.ok(usual);
    assert.deepEqual((await translated(usual.text)).warnings, []);
    // What it begins with ends it at once.
    change(path.join(model, 'generation_config.json'), { eos_token_id: usual.generated[0] });
    const empty = await translated(usual.text);
    assert.deepEqual([empty.text, empty.stop, empty.warnings], ['', 'end', [{ kind: 'empty' }]]);
  });

  test('a model that is made for something else is refused, and says what would do', async () => {
    const summarizer = tinySeq2seq('t5');
    writeFileSync(path.join(summarizer, 'headlight.json'), '{"task":"summarize"}');
    for (const folder of [summarizer, tinyModel('gpt2', 'with-cache'), tinyEncoder()]) {
      const params = { model: { folder }, text: 'the cat', options };
      const failure = await rejection(() => listen().engine.translate(params, context()));
      assert.equal(failure.kind, 'unsupported');
      assert.equal(failure.where, folder);
    }
    const params = { model: { folder: summarizer }, text: 'the cat', options };
    const completing = { ...params, options: { maxNewTokens: 2 } };
    const { kind } = await rejection(() => listen().engine.complete(completing, context()));
    assert.equal(kind, 'unsupported');
  });

  test('a model whose outputs begin with nobody knows what is a failure', async () => {
    const model = tinySeq2seq('t5');
    for (const file of ['config.json', 'generation_config.json']) {
      change(path.join(model, file), { decoder_start_token_id: null });
    }
    const params = { model: { folder: model }, text: 'the cat', options };
    const failure = await rejection(() => listen().engine.translate(params, context()));
    assert.equal(failure.kind, 'model');
    assert.match(failure.message, /decoder_start_token_id/);
  });

  function translate(
    family: 'marian' | 't5',
    text: string,
  ): Promise<{ answer: TextToTextResult; steps: TextToTextProgress[] }> {
    return translateWith(tinySeq2seq(family), text);
  }

  async function translateWith(
    folder: string,
    text: string,
  ): Promise<{ answer: TextToTextResult; steps: TextToTextProgress[] }> {
    const reported: unknown[] = [];
    const answer = await listen().engine.translate(
      { model: { folder }, text, options },
      context(undefined, reported),
    );
    return { answer, steps: reported as TextToTextProgress[] };
  }

  /** A tiny model that says of itself that it writes Chinese; what it writes is English. */
  function toChinese(): string {
    const model = tinySeq2seq('marian');
    writeFileSync(
      path.join(model, 'headlight.json'),
      JSON.stringify({ task: 'translate', languages: { source: 'en', target: 'zh' } }),
    );
    return model;
  }
});

function sources(text: string, { parts }: TextToTextResult): string[] {
  return parts.map(({ source }) => text.slice(source.start, source.end));
}

function idsOf({ parts }: TextToTextResult): number[] {
  return parts.flatMap(({ tokens }) => tokens.map(({ id }) => id));
}
