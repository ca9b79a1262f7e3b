import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { fitPrompt } from '../../../../src/engine/generation/prompt';
import type { Token } from '../../../../src/shared/text';

/** Tokens 100, 101, …, after special ones 0, 1, …. */
function tokens(count: number, special: number): Token[] {
  return Array.from({ length: special + count }, (_, i) => ({
    id: i < special ? i : 100 + i - special,
    text: '',
    piece: '',
    special: i < special,
    start: 0,
    end: 0,
  }));
}

const cases: {
  title: string;
  count: number;
  special: number;
  wanted: number;
  context: number;
  ids: number[];
  used?: number;
}[] = [
  {
    title: 'a prompt that leaves room for all that is wanted stays whole',
    ...{ count: 5, special: 1, wanted: 4, context: 10 },
    ids: [0, 100, 101, 102, 103, 104],
  },
  {
    title: 'one token too many: the first one of the text goes, and what the tokenizer added stays',
    ...{ count: 6, special: 1, wanted: 4, context: 10 },
    ids: [0, 101, 102, 103, 104, 105],
    used: 6,
  },
  {
    title: 'the end of a long text stays',
    ...{ count: 50, special: 0, wanted: 6, context: 10 },
    ids: [145, 146, 147, 148, 149],
    used: 5,
  },
  {
    title: 'half of the window is the prompt’s, however much is wanted',
    ...{ count: 50, special: 2, wanted: 4096, context: 9 },
    ids: [0, 1, 147, 148, 149],
    used: 5,
  },
  {
    title: 'a short prompt stays whole, however much is wanted',
    ...{ count: 3, special: 0, wanted: 4096, context: 9 },
    ids: [100, 101, 102],
  },
];

suite('engine/generation/prompt', () => {
  for (const { title, count, special, wanted, context, ids, used } of cases) {
    test(title, () => {
      const total = count + special;
      assert.deepEqual(fitPrompt(tokens(count, special), wanted, context), {
        ids,
        ...(used === undefined ? {} : { truncation: { used, total, context, kept: 'end' } }),
      });
    });
  }
});
