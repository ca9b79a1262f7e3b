import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import type { Token } from '../../../src/shared/text';
import { createTokenizer } from '../../../src/tokenizer/tokenizer';
import { Random } from '../../fuzz/random';
import { fixtures, readJson, variantOf } from '../../support/tokenizer/fixtures';

/** First and last code points of what random texts are made of. */
const BLOCKS: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0x7e],
  [0x20, 0x7e],
  [0x0, 0x20],
  [0x7f, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x6ff],
  [0x900, 0xeff],
  [0x1100, 0x11ff],
  [0x1e00, 0x206f],
  [0x2100, 0x2bff],
  [0x3000, 0x33ff],
  [0x4e00, 0x4fff],
  [0xac00, 0xadff],
  [0xfb00, 0xffff],
  [0x1d400, 0x1d7ff],
  [0x1f1e6, 0x1f6ff],
  [0x20000, 0x200ff],
  [0xe0000, 0xe007f],
];

const FRAGMENTS = ['\r\n', '👩🏽‍🚀', '🇩🇪', '\u200d', '\ufe0f', '<s>', '</s>', '  ', 'the light', 'İ'];

/** With halves of surrogate pairs, as an editor may have them. */
const HALVES = ['\ud83d', '\udc00'];

const TEXTS = 400;

interface Case {
  tokenizer: string;
  variant: string;
  changes: Record<string, unknown>;
}

suite('tokenizer: ranges of the tokens of random texts', () => {
  const { cases } = readJson(path.join(fixtures, 'expected.json')) as { cases: Case[] };

  for (const { tokenizer, variant, changes } of cases) {
    test(`${tokenizer}, ${variant}: in order, within the text, of whole characters`, () => {
      const { encode } = createTokenizer(variantOf(tokenizer, changes), undefined);
      const random = new Random(tokenizer.length, variant.length);
      for (let round = 0; round < TEXTS; round++) {
        const text = randomText(random, random.unit() < 0.1 ? HALVES : []);
        checkRanges(text, encode(text, { addSpecialTokens: false }));
      }
    });
  }

  for (const { tokenizer, variant, skipped } of [
    { tokenizer: 'byteLevel', variant: 'plain' },
    { tokenizer: 'byteLevel', variant: 'Llama 3', skipped: /\s/u },
    { tokenizer: 'llama', variant: 'plain' },
    { tokenizer: 'llama', variant: 'Metaspace always' },
    { tokenizer: 'unigram', variant: 'plain' },
    { tokenizer: 'unigram', variant: 'bytes' },
    { tokenizer: 'wordLevel', variant: 'plain' },
    { tokenizer: 'bert', variant: 'plain', skipped: /[\s\p{M}\p{C}\u0085\ufffd]/u },
  ]) {
    test(`${tokenizer}, ${variant}: every character that is not skipped has a token`, () => {
      const found = cases.find((one) => one.tokenizer === tokenizer && one.variant === variant);
      const { encode } = createTokenizer(
        variantOf(tokenizer, found?.changes ?? assert.fail()),
        undefined,
      );
      const random = new Random(7, tokenizer.length, variant.length);
      for (let round = 0; round < TEXTS; round++) {
        const text = randomText(random, []);
        const covered = new Uint8Array(text.length);
        for (const { start, end } of encode(text, { addSpecialTokens: false })) {
          covered.fill(1, start, end);
        }
        let at = 0;
        for (const character of text) {
          const isFree = covered[at] === 0 && skipped?.test(character) !== true;
          assert.ok(!isFree, `${JSON.stringify(character)} at ${at} of ${JSON.stringify(text)}`);
          at += character.length;
        }
      }
    });
  }
});

function checkRanges(text: string, tokens: readonly Token[]): void {
  let last = 0;
  for (const { start, end } of tokens) {
    const label = `${start}–${end} of ${JSON.stringify(text)}`;
    assert.ok(start >= last && end >= start && end <= text.length, label);
    assert.ok(!isWithinPair(text, start) && !isWithinPair(text, end), label);
    last = start;
  }
}

function isWithinPair(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

function randomText(random: Random, more: readonly string[]): string {
  const fragments = [...FRAGMENTS, ...more, ...more, ...more];
  const blocks = Array.from({ length: 1 + random.below(5) }, () => random.of(BLOCKS));
  return Array.from({ length: 1 + random.below(24) }, () => {
    if (random.unit() < 0.15) {
      return random.of(fragments);
    }
    const [first, last] = random.of(blocks);
    return String.fromCodePoint(first + random.below(last - first + 1));
  }).join('');
}
