import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { MOST_PIECES } from '../../../../src/engine/tasks/ablateElsewhere';
import { MOST_MASKED } from '../../../../src/engine/tasks/measureEffect';
import { estimate } from '../../../../src/shared/evidence';
import type { Effect } from '../../../../src/shared/referenceRun';
import { rejection } from '../../../support/failures';
import { root } from '../../../support/root';
import { change, context, listen, tinyEncoder } from '../../../support/engine/models';
import { randomModel, wordTokenizer } from '../../../support/engine/randomModels';

/** What `transformers` says of a text's tokens with and without a head. */
interface Rated {
  before: number[];
  after: number[];
  meanLogChange: number;
  standardError: number;
}

interface Case extends Rated {
  text: string;
  site: string;
  head: number;
  ids: number[];
  divergence: number;
}

/** What `test/fixtures/trace/effects.py` writes. */
interface Effects {
  masked: (Case & { seen: Rated })[];
  blank: Pick<Case, 'text' | 'site' | 'head' | 'before' | 'after' | 'divergence'> & {
    position: number;
    best: number[];
  };
  decoder: (Case & { position: number })[];
  translator: (Omit<Case, 'site' | 'head'> & {
    position: number;
    site?: string;
    head?: number;
    hidden?: number;
  })[];
}

const transformers = JSON.parse(
  readFileSync(path.join(root, 'test/fixtures/trace/effects.json'), 'utf8'),
) as Effects;

/** Paragraphs of software English. */
const texts = JSON.parse(
  readFileSync(path.join(root, 'test/bench/truth/passages.json'), 'utf8'),
) as string[];

const CLOSE = 1e-4;

suite('engine: what a head is good for', () => {
  const { engine } = listen();
  const traced = async (task: 'complete' | 'fillMask' | 'translate', text: string) =>
    engine.trace({ model: { bundled: task }, text }, context());

  test('what comes before the first token in sight is left out, and something stays in sight', async () => {
    const { trace, sequences } = await traced('complete', 'The parser reads the file.');
    const { length } = sequences.decoder ?? [];
    const hiding = async (tokens: number[]) => engine.maskTokens({ trace, tokens }, context());
    const rated = async (tokens: number[]) =>
      (await hiding(tokens)).tokens.map(({ token }) => token);
    const all = Array.from({ length: length - 1 }, (_, index) => index + 1);
    assert.deepEqual(await rated([1]), all);
    // Token 1 is told from token 0 alone, and token 2 from the first two.
    assert.deepEqual(await rated([0]), all.slice(1));
    assert.deepEqual(await rated([0, 1]), all.slice(2));
    const everything = Array.from({ length }, (_, index) => index);
    assert.equal((await rejection(() => hiding(everything))).kind, 'input');
  });

  for (const [task, cases] of [
    ['fillMask', transformers.masked],
    ['complete', transformers.decoder],
  ] as const) {
    for (const expected of cases) {
      const { text, site, head } = expected;
      test(`${task}: ${site}.${head} on “${text}”, as transformers has it`, async () => {
        const { trace, sequences } = await traced(task, text);
        assert.deepEqual(
          (sequences.encoder ?? sequences.decoder)?.map(({ id }) => id),
          expected.ids,
        );
        const effect = await engine.ablate({ trace, site, head }, context());
        assert.equal(effect.way, task === 'fillMask' ? 'masked' : 'before');
        sameTokens(effect, expected);
        close(effect.standardError, expected.standardError);
        close(effect.divergence, expected.divergence);
        assert.equal(effect.ratable, effect.tokens.length);
        if ('position' in expected) {
          assert.equal(effect.position, expected.position);
        }
        const likely = effect.top.map((token) => token.before);
        assert.deepEqual(
          likely,
          [...likely].sort((one, other) => other - one),
        );
      });
    }
  }

  for (const expected of transformers.translator) {
    const { text, site = '', head = 0, hidden } = expected;
    const what = hidden === undefined ? `${site}.${head}` : `source token ${hidden}`;
    test(`translate: without ${what} on “${text}”, up to the end of the result, as transformers has it`, async () => {
      const { trace, sequences } = await traced('translate', text);
      assert.deepEqual(
        sequences.decoder?.map(({ id }) => id),
        expected.ids,
      );
      const effect =
        hidden === undefined
          ? await engine.ablate({ trace, site, head }, context())
          : await engine.maskTokens({ trace, tokens: [hidden] }, context());
      sameTokens(effect, expected);
      close(effect.divergence, expected.divergence);
      assert.equal(effect.position, expected.position);
    });
  }

  test('where masks are filled, tokens are not rated at their own place, where they are seen', async () => {
    for (const { text, site, head, seen } of transformers.masked) {
      const { trace } = await traced('fillMask', text);
      for (const effect of [
        await engine.ablate({ trace, site, head }, context()),
        await engine.maskTokens({ trace, tokens: [2] }, context()),
      ]) {
        const [certain] = seen.before.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
        assert.ok(certain && certain.p > 0.9, 'a token that is seen is copied');
        const masked = mean(effect.tokens.map(({ before }) => before));
        assert.ok(masked < mean(seen.before) - 0.2, `${masked} is that of seen tokens`);
      }
    }
  });

  test('a blank of the text is reported, and nothing else is masked', async () => {
    const { text, site, head, position, best, before, after, divergence } = transformers.blank;
    const { trace } = await traced('fillMask', text);
    const effect = await engine.ablate({ trace, site, head }, context());
    assert.deepEqual([effect.way, effect.position, effect.ratable], ['blank', position, 1]);
    assert.deepEqual(effect.tokens, []);
    assert.equal(effect.meanLogChange, undefined);
    close(effect.divergence, divergence);
    best.forEach((id, index) => {
      const found = effect.top.find((token) => token.id === id);
      close(found?.before, before[index]);
      close(found?.after, after[index]);
    });
  });

  test('of a long text a sample is masked, spread evenly', async () => {
    const { trace, sequences } = await traced('fillMask', texts.slice(0, 3).join(' '));
    const tokens = sequences.encoder?.filter(({ special }) => !special).length ?? 0;
    assert.ok(tokens > MOST_MASKED);
    const effect = await engine.ablate({ trace, site: 'blocks.1.attn', head: 1 }, context());
    assert.deepEqual([effect.tokens.length, effect.ratable], [MOST_MASKED, tokens]);
    const places = effect.tokens.map(({ token }) => token);
    const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
    assert.ok(Math.min(...gaps) >= 1 && Math.max(...gaps) <= Math.ceil(tokens / MOST_MASKED));
  });

  test('masking reports its layers, and ends between two of them', async () => {
    const { trace } = await traced('fillMask', texts[0] ?? '');
    const reported: { done: number; total: number }[] = [];
    const ask = { trace, site: 'blocks.0.attn', head: 0 };
    await engine.ablate(ask, context(undefined, reported));
    const { total = 0 } = reported[0] ?? {};
    assert.ok(total > 8, 'the copies of the text take several runs');
    assert.deepEqual(reported.at(-1), { done: total, total });
    const cancelling = new AbortController();
    let after = 0;
    const asking = engine.ablate(ask, {
      signal: cancelling.signal,
      report: ({ done }) => {
        after += cancelling.signal.aborted ? 1 : 0;
        if (done === 3) {
          cancelling.abort();
        }
      },
    });
    await assert.rejects(async () => asking, { name: 'AbortError' });
    assert.equal(after, 0);
  });

  test('an encoder without a mask token is refused', async () => {
    const folder = tinyEncoder();
    withoutMask(folder);
    const { trace } = await engine.trace({ model: { folder }, text: 'the cat sat' }, context());
    const failure = await rejection(async () =>
      engine.ablate({ trace, site: 'blocks.0.attn', head: 0 }, context()),
    );
    assert.equal(failure.kind, 'unsupported');
    assert.match(failure.message, /no mask token/);
  });
});

suite('engine: what a head is good for on further text', () => {
  const { engine } = listen();
  const HEAD = { site: 'blocks.1.attn', head: 2 };

  for (const task of ['complete', 'fillMask'] as const) {
    test(`${task}: each piece has the effect that a trace of it has`, async () => {
      const model = { bundled: task };
      const text = 'The server reads the settings.';
      const { trace } = await engine.trace({ model, text }, context());
      const further = [
        'The client opens a connection.',
        'A thread must hold the lock.',
        'The list is kept in memory.',
      ];
      const found = await engine.ablateElsewhere({ trace, ...HEAD, texts: further }, context());
      assert.deepEqual([found.available, found.pieces.length], [3, 3]);
      for (const [index, piece] of found.pieces.entries()) {
        const one = await engine.trace({ model, text: further[index] ?? '' }, context());
        const alone = await engine.ablate({ trace: one.trace, ...HEAD }, context());
        assert.equal(piece.tokens, alone.tokens.length);
        close(piece.meanLogChange, alone.meanLogChange);
      }
      const { mean: expected, standardError } = estimate(
        found.pieces.map(({ meanLogChange }) => meanLogChange),
      ) as { mean: number; standardError: number };
      assert.deepEqual([found.meanLogChange, found.standardError], [expected, standardError]);
    });
  }

  test('of many pieces a sample is measured; pieces are reported, and it can be stopped', async () => {
    const { trace } = await engine.trace(
      { model: { bundled: 'complete' }, text: 'The file is open.' },
      context(),
    );
    const reported: { done: number; total: number }[] = [];
    const ask = { trace, ...HEAD, texts };
    const found = await engine.ablateElsewhere(ask, context(undefined, reported));
    assert.equal(found.pieces.length, MOST_PIECES);
    assert.ok(found.available > 2 * MOST_PIECES);
    assert.deepEqual(reported[3], { done: 3, total: MOST_PIECES });
    const cancelling = new AbortController();
    const asking = engine.ablateElsewhere(ask, {
      signal: cancelling.signal,
      report: ({ done }) => {
        assert.ok(done <= 2);
        if (done === 2) {
          cancelling.abort();
        }
      },
    });
    await assert.rejects(async () => asking, { name: 'AbortError' });
  });

  test('an encoder–decoder model makes a result of each piece', async () => {
    const model = { bundled: 'translate' } as const;
    const text = 'Cannot open the file.';
    const { trace } = await engine.trace({ model, text }, context());
    const further = ['The server is not running.', 'The user must have a name.'];
    const head = { site: 'decoder.blocks.0.cross_attn', head: 1 };
    const { pieces } = await engine.ablateElsewhere({ trace, ...head, texts: further }, context());
    assert.equal(pieces.length, 2);
    for (const [index, piece] of pieces.entries()) {
      const one = await engine.trace({ model, text: further[index] ?? '' }, context());
      const { meanLogChange, tokens } = await engine.ablate(
        { trace: one.trace, ...head },
        context(),
      );
      assert.equal(piece.tokens, tokens.length);
      close(piece.meanLogChange, meanLogChange);
    }
  });

  test('a text with a blank is no evidence; where there is no other text, that is said', async () => {
    const { trace } = await engine.trace(
      { model: { bundled: 'fillMask' }, text: 'The file is open.' },
      context(),
    );
    for (const further of [[], ['', ' \n'], ['The [MASK] is empty.']]) {
      const failure = await rejection(async () =>
        engine.ablateElsewhere({ trace, ...HEAD, texts: further }, context()),
      );
      assert.equal(failure.kind, 'input');
      assert.match(failure.message, /no more text/);
    }
  });

  test('languages are those of the trace', async () => {
    const tokenizer = wordTokenizer({ 35: '>>fra<<', 36: '>>deu<<' }, { before: [], after: [2] });
    const folder = randomModel('marian', { tokenizer, generation: { decoder_start_token_id: 2 } });
    const head = { site: 'decoder.blocks.0.cross_attn', head: 0 };
    const ask = async (target: string, piece: string): Promise<number> => {
      const params = { model: { folder }, text: 'w7 w8', languages: { target } };
      const { trace } = await engine.trace(params, context());
      const found = await engine.ablateElsewhere({ trace, ...head, texts: [piece] }, context());
      return found.meanLogChange;
    };
    const french = await ask('fra', 'w9 w10');
    assert.notEqual(french, await ask('deu', 'w9 w10'));
    close(french, await ask('deu', '>>fra<< w9 w10'));
  });
});

/** Gives the mask token another name, under which it is none. */
function withoutMask(folder: string): void {
  change(path.join(folder, 'tokenizer_config.json'), { mask_token: undefined });
  const file = path.join(folder, 'tokenizer.json');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('[MASK]', '[XXXX]'));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Every token's probability with and without, and their mean change. */
function sameTokens(
  { tokens, meanLogChange }: Effect,
  expected: Pick<Rated, 'before' | 'after' | 'meanLogChange'>,
): void {
  assert.deepEqual(
    tokens.map(({ token }) => token),
    expected.before.map((_, index) => index + 1),
  );
  for (const [index, { before, after }] of tokens.entries()) {
    close(before, expected.before[index]);
    close(after, expected.after[index]);
  }
  close(meanLogChange, expected.meanLogChange);
}

function close(found: number | undefined, expected: number | undefined): void {
  assert.ok(
    found !== undefined && expected !== undefined && Math.abs(found - expected) <= CLOSE,
    `${found} instead of ${expected}`,
  );
}
