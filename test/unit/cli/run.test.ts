import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { run } from '../../../src/cli/run';
import { HELP } from '../../../src/cli/help';
import { parseInvocation } from '../../../src/cli/usage';
import { runCommand, type CommandResult } from '../../support/cli';
import { rejection } from '../../support/failures';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';
import { sequenceModel, silentTranslator } from '../../support/sequenceModels';
import { change, generated, listen, tinyModel } from '../../support/engine/models';

suite('cli/run', () => {
  const model = tinyModel('llama', 'with-cache');
  const { prompt } = generated.llama;

  /** Carries out a command line in this process; answers what it wrote. */
  async function headlight(
    args: string[],
    input: string | Uint8Array = '',
    notes: string[] = [],
  ): Promise<string> {
    const result = await runCommand(args, input);
    notes.push(...result.notes);
    return result.written;
  }

  test('a text that begins with a dash is a text', async () => {
    const tokens = async (...args: string[]): Promise<string> =>
      headlight(['tokenize', '--model', model, '--json', ...args]);
    assert.equal(await tokens('--text', '- the cat'), await tokens('--text=- the cat'));
    assert.equal(await tokens('--text=the', '--model', model), await tokens('--text', 'the'));
  });

  test('a text may stand alone, taken apart by a shell, in a file, or on standard input', async () => {
    const tokens = async (words: string[], input = ''): Promise<string> =>
      headlight(['tokenize', '--model', model, '--json', ...words], input);
    const expected = await tokens(['--text', 'the cat sat']);
    const file = path.join(temporaryFolder(), 'text');
    writeFileSync(file, 'the cat sat');
    assert.equal(await tokens(['the cat sat']), expected);
    assert.equal(await tokens(['--text', 'the', 'cat', 'sat']), expected);
    assert.equal(await tokens(['--file', file]), expected);
    assert.equal(await tokens([], 'the cat sat'), expected);
    assert.equal(await tokens(['-'], 'the cat sat'), expected);
    const completion = ['complete', '--model', model, '--max-new-tokens', '3'];
    assert.equal(
      await headlight([...completion, prompt]),
      await headlight([...completion, '--text', prompt]),
    );
  });

  test('a byte order mark is no part of a text', async () => {
    const tokens = async (words: string[], input?: string): Promise<string> =>
      headlight(['tokenize', '--model', model, '--json', ...words], input);
    const file = path.join(temporaryFolder(), 'text');
    writeFileSync(file, '\ufeffthe cat sat');
    const expected = await tokens(['the cat sat']);
    assert.equal(await tokens(['--file', file]), expected);
    assert.equal(await tokens([], '\ufeffthe cat sat'), expected);
    assert.equal(await tokens(['-'], '\ufeffthe cat sat'), expected);
  });

  test('bytes that are not UTF-8 are refused, with where they come from', async () => {
    const file = path.join(temporaryFolder(), 'text');
    for (const bytes of [
      Buffer.from('\ufeffthe cat', 'utf16le'),
      Buffer.from('caf\u00e9 au lait', 'latin1'),
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff]),
    ]) {
      writeFileSync(file, bytes);
      const ofFile = await rejection(() =>
        headlight(['tokenize', '--model', model, '--file', file]),
      );
      assert.equal(ofFile.message, `The text is not in UTF-8 (${file}): save it as UTF-8`);
      const piped = await rejection(() => headlight(['tokenize', '--model', model], bytes));
      assert.match(piped.message, /not in UTF-8 \(standard input\)/);
    }
  });

  test('the model that comes with Headlight warns of code, however short', async () => {
    const notes = async (text: string, folder = ''): Promise<string> => {
      const list: string[] = [];
      const chosen = folder === '' ? [] : ['--model', folder];
      await headlight(['complete', '--max-new-tokens', '2', ...chosen, text], '', list);
      return list.join();
    };
    const warning = /unlike the software English that the model was trained on/;
    assert.match(await notes('def add(a, b):'), warning);
    assert.doesNotMatch(await notes('The server starts'), warning);
    // Of other models nobody knows.
    assert.doesNotMatch(await notes('def add(a, b):', model), /trained on/);
  });

  test('where nobody types or pipes a text, the usage says what to type', async () => {
    const terminal = {
      root,
      engine: listen().engine,
      interruptible: () => new AbortController().signal,
      stdin: Object.assign(Readable.from([]), { isTTY: true }),
      out: () => undefined,
      note: () => undefined,
    };
    await assert.rejects(() => run(parseInvocation(['complete']), terminal), {
      name: 'UsageError',
      message: /^“complete” needs a text: headlight complete "…", or --file F, or a pipe$/,
    });
  });

  test('a text that does not fit is used in part, and a note says so', async () => {
    const notes: string[] = [];
    await headlight(['complete', '--model', model, '--text', 'the cat '.repeat(300)], '', notes);
    assert.match(notes.join(), /^only the last \d+ of \d+ tokens were used$/);
  });

  for (const [task, folder] of [
    ['complete', model],
    ['translate', sequenceModel(root, 'marian')],
    ['summarize', sequenceModel(root, 't5')],
  ] as const) {
    test(`${task}: one that was stopped says so, and is not judged as a whole result`, async () => {
      const interrupted = new AbortController();
      const stopped = (...args: string[]): Promise<CommandResult> =>
        runCommand(
          [task, '--model', folder, ...args],
          'the cat sat on the mat. '.repeat(20),
          () => interrupted.abort(),
          interrupted.signal,
        );
      const { status, written: out, notes } = await stopped();
      assert.equal(status, 130);
      assert.notEqual(out.trim(), '');
      assert.equal(notes.at(-1), 'stopped; what came is above');
      assert.ok(
        notes.slice(0, -1).every((note) => /tokens/.test(note)),
        notes.join(),
      );
      const again = await stopped('--json');
      assert.equal(again.status, 130);
      assert.deepEqual(again.notes, ['stopped before any text came']);
      const { stop, warnings } = JSON.parse(again.written) as { stop: string; warnings: unknown[] };
      assert.deepEqual([stop, warnings], ['cancelled', []]);
    });
  }

  test('help', async () => {
    assert.equal(await headlight(['--help']), HELP);
  });

  test('tokens for people: id, characters, text', async () => {
    const out = await headlight(['tokenize', '--model', model, '--text', prompt]);
    const lines = out.trimEnd().split('\n');
    assert.equal(lines.length, 4);
    assert.match(lines[2] ?? '', /^ +44 {2}3–7 +·cat$/);
  });

  test('a trace for people: ratings, entropies, and the head that was asked for', async () => {
    const line = ['trace', '--model', model, '--text', prompt, '--head', 'blocks.1.attn.3'];
    const { matrix } = JSON.parse(await headlight([...line, '--json'])) as { matrix: number[][] };
    const out = await headlight(line);
    assert.match(out, /0\.\d{4} +\d+ {2}·sat\n/);
    assert.match(out, /blocks\.1\.attn( +\d\.\d\d){4}\n/);
    const map = matrix.map((row) => row.map((value) => value.toFixed(2)).join(' ')).join('\n');
    assert.ok(out.includes(map), out);
  });

  test('the reference says how far the runtime is from it', async () => {
    const line = ['trace', '--text', 'The file is open.', '--reference'];
    const { verdict, sites, logits, cachedStep, weights } = JSON.parse(
      await headlight([...line, '--json']),
    ) as {
      verdict: string;
      sites: { id: string; maxAbsDiff: number }[];
      logits: { maxAbsDiff: number; tokens: number; sameLikeliest: number };
      cachedStep: { maxAbsDiff: number };
      weights: { kind: string };
    };
    assert.equal(verdict, 'matches');
    assert.ok(sites.length > 0 && sites.every(({ maxAbsDiff }) => maxAbsDiff <= 1e-5));
    assert.ok(logits.maxAbsDiff <= 1e-4 && cachedStep.maxAbsDiff <= 1e-4);
    assert.deepEqual(weights, { kind: 'absent' });
    const out = await headlight(line);
    assert.match(out, /This run matches the ONNX weights.*\n/);
    const { sameLikeliest, tokens } = logits;
    assert.ok(
      out.includes(`The likeliest token is the same at ${sameLikeliest} of ${tokens} places.`),
      out,
    );
    assert.match(out, /no model\.safetensors lies beside the graph\.\n/);
    assert.match(out, /\n *\d\.\de-\d +1\.0e-4 {2}blocks\.0\.attn\n/);
    assert.match(out, /\n *\d\.\de-\d +\d\.\de-\d {2}logits of a cached step\n/);
  });

  test('where the reference does not know a model, its trace is there, a note, and status 1', async () => {
    const folder = tinyModel('llama', 'with-cache');
    change(path.join(folder, 'config.json'), { model_type: 'olmo2' });
    const line = ['trace', '--model', folder, '--text', prompt];
    const expected = await headlight(line);
    for (const asked of [
      ['--reference'],
      ['--ablate', 'blocks.0.attn.1'],
      ['--mask', '1', '--lens'],
      ['--points', 'hook_embed'],
      ['--points', 'list'],
    ]) {
      const { status, written, notes } = await runCommand([...line, ...asked]);
      assert.deepEqual([status, written], [1, expected], asked.join(' '));
      assert.equal(notes.length, 1, 'once');
      assert.match(notes.join(), /^the trace is without .*model_type.*olmo2/);
    }
  });

  test('values of the reference by hook name, and the list of names', async () => {
    const line = ['trace', '--text', 'The file is open.'];
    const list = await headlight([...line, '--points', 'list']);
    assert.match(list, /^blocks\.0\.attn\.hook_pattern +\[batch, heads, tokens, tokens\]$/m);
    const names = ['blocks.0.attn.hook_pattern', 'blocks.1.hook_resid_post'];
    const wanted = [...line, '--points', names.join()];
    const { points } = JSON.parse(await headlight([...wanted, '--json'])) as {
      points: Record<string, { dims: number[]; values: number[] }>;
    };
    assert.deepEqual(Object.keys(points), names);
    for (const { dims, values } of Object.values(points)) {
      assert.equal(
        values.length,
        dims.reduce((product, size) => product * size, 1),
      );
    }
    assert.match(
      await headlight(wanted),
      /\nblocks\.1\.hook_resid_post \[1, \d+, \d+\]\n +-?\d\.\d{4} /,
    );
  });

  test('what silencing a head does to the likeliest tokens', async () => {
    const heads = 'blocks.0.attn.1,blocks.1.attn.0';
    const line = ['trace', '--text', 'The file is open.', '--ablate', heads];
    const { ablations } = JSON.parse(await headlight([...line, '--json'])) as {
      ablations: { site: string; head: number; top: { before: number; after: number }[] }[];
    };
    assert.deepEqual(
      ablations.map(({ site, head }) => `${site}.${head}`),
      heads.split(','),
    );
    assert.ok(ablations.every(({ top }) => top.some(({ before, after }) => before !== after)));
    assert.match(
      await headlight(line),
      /without blocks\.1\.attn\.0\n {2}-?\d\.\d{4} ± \d\.\d{4} nats: .*over \d tokens as if these were independent\n/,
    );
  });

  test('what silencing a head does where masks are filled, and in a blank', async () => {
    const folder = path.join(root, 'models/headlight-fill-mask');
    const ask = ['trace', '--model', folder, '--ablate', 'blocks.3.attn.0', '--rollout', '--text'];
    const masked = await headlight([...ask, 'Returns the number of bytes written to the file.']);
    assert.match(
      masked,
      / nats: .* each masked in turn, ± two standard errors over \d+ tokens as if/,
    );
    assert.match(
      masked,
      /\n {2}where most changes, in the place of token \d+, probability of the likeliest tokens /,
    );
    assert.match(masked, /last layer of the encoder:\nan estimate from attention alone[^,]*\n/);
    const blank = await headlight([...ask, 'The [MASK] is empty.']);
    assert.doesNotMatch(blank, /log-probability/);
    const [, ...rows] = blank.split(
      /\n {2}in the blank, token 2, [^\n]*, the likeliest before first:/,
    );
    const before = Array.from(
      rows.join().matchAll(/\n {2}(0\.\d{4}) {2}0\.\d{4} {2}/g),
      ([, row]) => Number(row),
    );
    assert.ok(before.length >= 5);
    assert.deepEqual(
      before,
      [...before].sort((one, other) => other - one),
    );
  });

  test('of one token there is no ±, and none is explained', async () => {
    const folder = path.join(root, 'models/headlight-fill-mask');
    const ask = ['trace', '--model', folder, '--ablate', 'blocks.0.attn.0', '--text', '[SEP]'];
    assert.match(
      await headlight(ask),
      /\n {2}-?\d\.\d{4} nats: mean change of the log-probability of the text’s tokens, each masked in turn, over 1 token\n/,
    );
  });

  test('of a result, its own tokens up to its end; hidden tokens are those of the source', async () => {
    const folder = path.join(root, 'models/headlight-translate-en-zh');
    const text = 'Do not open the file if it is not yours.';
    const ask = ['--ablate', 'decoder.blocks.1.cross_attn.0', '--mask', '2'];
    const out = await headlight(['trace', '--model', folder, '--text', text, ...ask]);
    assert.match(
      out,
      /\nwithout \S+\n.* of the log-probability of the result’s tokens, ± two standard errors over 14 tokens /,
    );
    assert.match(
      out,
      /\n {2}where most changes, in the place after token 10 of the result, probab/,
    );
    assert.match(out, /\nwith no attention to token 2 of the source\n.* of the result’s tokens, /);
    assert.doesNotMatch(out, /after token 14/);
  });

  test('what hiding a token does, and what comes out at each depth', async () => {
    const line = ['trace', '--text', 'The file is open.', '--mask', '1', '--lens'];
    const { masked, lens } = JSON.parse(await headlight([...line, '--json'])) as {
      masked: { divergence: number };
      lens: { depth: string; positions: { final: { rank: number } }[] }[];
    };
    assert.ok(masked.divergence > 0);
    assert.deepEqual(
      lens.map(({ depth }) => depth),
      [...Array.from({ length: 6 }, (_, i) => `blocks.${i}.hook_resid_pre`), 'logits'],
    );
    assert.ok(lens.at(-1)?.positions.every(({ final }) => final.rank === 1));
    assert.ok(lens[0]?.positions.some(({ final }) => final.rank > 1));
    const out = await headlight(line);
    assert.match(out, /with no attention to token 1\n {2}-?\d\.\d{4} ± \d\.\d{4} nats/);
    // Of a decoder, what comes after the token where most changes.
    assert.match(
      out,
      /\n {2}where most changes, in the place after token \d, probability of the likeliest tokens /,
    );
    assert.match(out, /\n·file\n {2}blocks\.0\.hook_resid_pre +\d+ {2}\S+ \d\.\d\d/);
  });

  test('attention weighted by values, and attention followed through the layers', async () => {
    const head = ['--head', 'blocks.2.attn.4', '--values', '--rollout'];
    const line = ['trace', '--text', 'The file is open.', ...head];
    const answer = JSON.parse(await headlight([...line, '--json'])) as {
      matrix: number[][];
      weighted: number[][];
      rollout: { decoder: number[][] };
      rolloutNotes: { decoder: string };
    };
    const { matrix, weighted, rollout, rolloutNotes } = answer;
    assert.match(rolloutNotes.decoder, /attention alone.*favours the first/);
    // Each key's length is one number, whoever looks.
    const lengths = weighted.at(-1)?.map((value, key) => value / (matrix.at(-1)?.[key] ?? NaN));
    for (const [query, row] of weighted.entries()) {
      for (const [key, value] of row.entries()) {
        const expected = (matrix[query]?.[key] ?? NaN) * (lengths?.[key] ?? NaN);
        assert.ok(Math.abs(value - expected) <= 1e-4, `[${query}][${key}]`);
      }
    }
    for (const row of rollout.decoder) {
      assert.ok(Math.abs(row.reduce((sum, share) => sum + share, 0) - 1) <= 1e-5);
    }
    const out = await headlight(line);
    assert.match(
      out,
      /length of what each key[^\n]*\n\d+\.\d\d [^]*last layer of the decoder:\nan estimate from attention alone [^\n]* favours the first one[^\n]*\n1\.00/,
    );
  });

  test('beams are those that were asked for, or else those that the model asks for', async () => {
    const line = ['translate', '--text', 'The file could not be saved because the disk is full.'];
    const asked = await headlight(line);
    assert.equal(asked, await headlight([...line, '--beams', '4']));
    assert.notEqual(asked, await headlight([...line, '--beams', '1']));
  });

  test('a trace says how much of a long text it is about', async () => {
    const line = ['trace', '--model', model, '--text', 'cat '.repeat(40)];
    const { truncation } = JSON.parse(await headlight([...line, '--json'])) as {
      truncation?: { total: number };
    };
    assert.ok(truncation);
    assert.ok(truncation.total > 32);
    assert.deepEqual(
      { ...truncation, total: 0 },
      { used: 32, total: 0, context: 32, kept: 'start' },
    );
    const out = await headlight(line);
    assert.ok(out.includes(`32 of ${truncation.total} tokens`), out);
  });

  test('a trace of an encoder–decoder model: the tokens of both texts, and cross attention', async () => {
    const line = ['trace', '--model', sequenceModel(root, 'marian'), '--text', 'the cat sat'];
    interface Trace {
      tokens: { text: string }[];
      targetTokens: { text: string }[];
      target: string;
      sites: { id: string; kind: string; queries: number; keys: number }[];
      matrix: number[][];
    }
    const given = ['--target', 'a dog', '--head', 'decoder.blocks.1.cross_attn.0'];
    const { tokens, targetTokens, sites, matrix, target } = JSON.parse(
      await headlight([...line, ...given, '--json']),
    ) as Trace;
    assert.equal(target, 'a dog');
    assert.deepEqual(
      tokens.map(({ text }) => text.trim()),
      ['the', 'cat', 'sat', '</s>'],
    );
    assert.ok(targetTokens.some(({ text }) => text.trim() === 'dog'));
    const cross = sites.find(({ id }) => id === 'decoder.blocks.1.cross_attn');
    assert.equal(cross?.kind, 'cross');
    assert.deepEqual([cross.queries, cross.keys], [targetTokens.length, tokens.length]);
    assert.deepEqual([matrix.length, matrix[0]?.length], [cross.queries, cross.keys]);
    const out = await headlight([...line, ...given]);
    assert.match(out, /·sat[^]*token of the target[^]*·dog[^]*decoder\.blocks\.1\.cross_attn {2}/);

    const generated = JSON.parse(await headlight([...line, '--json'])) as Trace;
    assert.notEqual(generated.target, '');
    assert.deepEqual(generated.tokens, tokens);
  });

  test('an outline for people', async () => {
    const out = await headlight(['inspect', model]);
    assert.match(
      out,
      /past_key_values\.0\.key {2,}float32 {2}\[batch_size, 2, past_sequence_length, 4\]/,
    );
    assert.match(out, /blocks\.1\.attn/);
    assert.match(out, / 2 × Softmax\n/);
  });

  test('a text for people streams as it comes, and is the text of the JSON', async () => {
    const line = ['complete', '--model', model, '--max-new-tokens', '5'];
    const { text } = JSON.parse(await headlight([...line, '--json'], prompt)) as { text: string };
    assert.equal(await headlight(line, prompt), `${text}\n`);
  });

  test('the same seed writes the same text, another one another', async () => {
    const endless = tinyModel('gpt2', 'with-cache');
    const line = ['complete', '--model', endless, '--text', prompt, '--temperature', '1', '--seed'];
    const first = await headlight([...line, '3']);
    assert.equal(await headlight([...line, '3']), first);
    assert.notEqual(await headlight([...line, '4']), first);
    assert.notEqual(first.trim(), '');
  });

  test('tokens are drawn where the model’s settings say so, and a temperature of 0 overrules them', async () => {
    const sampling = tinyModel('gpt2', 'with-cache');
    change(path.join(sampling, 'generation_config.json'), { do_sample: true, temperature: 2 });
    const line = ['complete', '--model', sampling, '--text', prompt];
    const notes: string[] = [];
    const first = await headlight([...line, '--seed', '3'], '', notes);
    assert.equal(await headlight([...line, '--seed', '3'], '', notes), first);
    assert.notEqual(await headlight([...line, '--seed', '4'], '', notes), first);
    const greedy = ['complete', '--model', tinyModel('gpt2', 'with-cache'), '--text', prompt];
    assert.equal(await headlight([...line, '--temperature', '0']), await headlight(greedy));
    assert.equal(notes.filter((note) => note.includes('--seed')).length, 0);
  });

  test('a seed where nothing is drawn: one line says that it has no effect', async () => {
    for (const [task, folder] of [
      ['complete', tinyModel('gpt2', 'with-cache')],
      ['translate', sequenceModel(root, 'marian')],
    ] as const) {
      for (const more of [[], ['--json']]) {
        const line = [task, '--model', folder, '--text', 'the cat', '--max-new-tokens', '2'];
        const notes: string[] = [];
        const without = await headlight([...line, ...more], '', notes);
        assert.ok(!notes.join().includes('--seed'));
        const withSeed = await headlight([...line, '--seed', '3', ...more], '', notes);
        assert.equal(withoutTiming(withSeed), withoutTiming(without));
        assert.equal(notes.filter((note) => /^--seed has no effect/.test(note)).length, 1);
      }
    }
  });

  test('the words that a model was least sure of are named behind the result, and are in the JSON', async () => {
    const text = 'The server sends a heartbeat every ten seconds.';
    const notes: string[] = [];
    const written = await headlight(['translate', '--text', text], '', notes);
    const { unsure } = JSON.parse(await headlight(['translate', '--json', '--text', text])) as {
      unsure: { start: number; end: number; probability: number }[];
    };
    const [least] = unsure.toSorted((a, b) => a.probability - b.probability);
    assert.ok(least);
    const share = `${Number((100 * least.probability).toPrecision(2))}%`;
    const note = `Least sure of (probability): “${written.slice(least.start, least.end)}” (${share})`;
    assert.ok(notes.at(-1)?.startsWith(note), notes.join('\n'));
    const sure: string[] = [];
    await headlight(['translate', '--text', 'Cannot open the file.'], '', sure);
    assert.deepEqual(sure, []);
  });

  for (const [task, model] of [
    ['translate', sequenceModel(root, 'marian')],
    ['summarize', sequenceModel(root, 't5')],
  ] as const) {
    const line = [task, '--model', model, '--text', 'the cat sat on the mat.'];

    test(`${task}: a text for people streams as it comes, and is the text of the JSON`, async () => {
      const notes: string[] = [];
      const answer = JSON.parse(await headlight([...line, '--json'], '', notes)) as {
        text: string;
        tokens: { text: string }[];
        parts: { source: { start: number; end: number }; text: string }[];
        warnings: { kind: string }[];
      };
      assert.deepEqual(notes, [], 'the JSON says it');
      assert.notEqual(answer.text.trim(), '');
      assert.equal(answer.parts.length, 1);
      assert.equal(answer.parts[0]?.text, answer.text);
      assert.ok(answer.tokens.length > 0);
      assert.equal(await headlight(line, '', notes), `${answer.text}\n`);
      assert.equal(notes.length > 0, answer.warnings.length > 0);
    });

    test(`${task}: the number of tokens can be limited`, async () => {
      const { tokens, stop } = JSON.parse(
        await headlight([...line, '--max-new-tokens', '2', '--json']),
      ) as { tokens: unknown[]; stop: string };
      // Marian's last token is forced to be the one that ends the text, and is not shown.
      assert.ok(tokens.length === 1 || tokens.length === 2, `${tokens.length} tokens`);
      assert.equal(stop, 'length');
    });
  }

  test('what makes a translation doubtful is noted, in words', async () => {
    const notes: string[] = [];
    const line = ['translate', '--model', sequenceModel(root, 'marian')];
    await headlight([...line, '--text', 'the cat sat on the mat.'], '', notes);
    assert.ok(notes.includes('The result repeats itself.'), notes.join());
  });

  test('a translation that is empty says so', async () => {
    const notes: string[] = [];
    const line = ['translate', '--model', await silentTranslator(root), '--text', 'a dog sang'];
    assert.equal(await headlight(line, '', notes), '\n');
    assert.deepEqual(notes, ['The model wrote nothing.']);
  });

  test('a translated file keeps its last line end, and gets no other', async () => {
    const line = ['translate', '--model', sequenceModel(root, 'marian')];
    const out = await headlight(line, 'a dog sang\n');
    assert.match(out, /\S\n$/);
  });

  test('fill: candidates for people are those of the JSON, best first', async () => {
    const line = ['fill', '--model', sequenceModel(root, 'bert'), 'the cat [MASK] on the mat.'];
    const { candidates } = JSON.parse(await headlight([...line, '--count', '3', '--json'])) as {
      candidates: { text: string; probability: number }[];
    };
    assert.equal(candidates.length, 3);
    const probabilities = candidates.map(({ probability }) => probability);
    assert.deepEqual(
      probabilities,
      probabilities.toSorted((a, b) => b - a),
    );
    const lines = (await headlight([...line, '--count', '3'])).trimEnd().split('\n');
    assert.equal(lines.length, 3);
    for (const [index, { text, probability }] of candidates.entries()) {
      const line = lines[index] ?? '';
      assert.ok(line.includes(`${(probability * 100).toFixed(1)}%`), line);
      assert.ok(line.endsWith(`  ${text.trim()}`), line);
    }
  });

  test('fill: the blank may be in small letters, and the text in a file or on standard input', async () => {
    const line = ['fill', '--model', sequenceModel(root, 'bert')];
    const expected = await headlight([...line, 'the cat [MASK] on the mat.']);
    assert.equal(await headlight(line, 'the cat [mask] on the mat.'), expected);
  });

  const failing: [args: string[], kind: string, where: RegExp][] = [
    [['tokenize', '--model', 'no/such/folder', '--text', 'x'], 'model', /folder$/],
    [['tokenize', ''], 'input', /^$/],
    [['complete', ''], 'input', /^$/],
    [['complete', '--file', 'nowhere.txt'], 'input', /^nowhere\.txt$/],
    [['complete', '--file', root], 'input', /./],
    [['trace', '--model', model, '--text', ''], 'input', /^$/],
    [
      ['trace', '--model', model, '--text', 'x', '--head', 'blocks.7.attn.0'],
      'input',
      /^blocks\.7/,
    ],
    [['trace', '--model', model, '--text', 'x', '--head', 'blocks.0.attn.4'], 'input', /attn\.4$/],
    [
      ['trace', '--model', model, '--text', 'x', '--ablate', 'blocks.0.attn.4'],
      'input',
      /attn\.4$/,
    ],
    [['trace', '--text', 'x', '--points', 'hook_nothing'], 'input', /^$/],
    [['trace', '--model', model, '--text', 'x', '--target-language', 'fr'], 'input', /./],
    [['trace', '--model', model, '--text', 'x', '--source', 'fr'], 'input', /./],
    [['trace', '--text', 'x', '--mask', '99'], 'input', /^$/],
    [['translate', '--text', 'x', '--target', 'fr'], 'input', /^headlight\.translate\.target$/],
    [['translate', '--model', model, '--text', 'x'], 'unsupported', /./],
    [['fill', '--model', model, 'a [MASK]'], 'unsupported', /./],
    [['fill', 'no blank'], 'input', /^$/],
    [['fill', '[MASK] and [MASK]'], 'input', /^$/],
  ];
  for (const [args, kind, where] of failing) {
    test(`a failure of kind ${kind}: headlight ${args.join(' ').replace(model, 'M').replace(root, '.')}`, async () => {
      const failure = await rejection(() => headlight(args));
      assert.equal(failure.kind, kind);
      assert.match(failure.where ?? '', where);
    });
  }
});

/** An answer without what differs from run to run. */
function withoutTiming(answer: string): string {
  return answer.replace(/"timing":\{[^}]*\}/, '');
}
