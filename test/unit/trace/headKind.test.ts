import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { AttentionKind } from '../../../src/shared/attention';
import { headKind } from '../../../src/trace/headKind';
import type { HeadToken } from '../../../src/trace/readHead';

/** Each character is a token; `|` is a special one. */
function tokens(text: string): HeadToken[] {
  return Array.from(text, (character) => ({
    id: character.charCodeAt(0),
    text: character,
    special: character === '|',
  }));
}

/** Rows that sum to 1, made of weights. */
function head(
  text: string,
  kind: AttentionKind,
  weight: (query: number, key: number) => number,
  source = text,
) {
  const queries = tokens(text);
  const keys = tokens(source);
  const map = new Float32Array(queries.length * keys.length);
  queries.forEach((_, query) => {
    const row = map.subarray(query * keys.length, (query + 1) * keys.length);
    row.forEach((_, key) => {
      row[key] = kind === 'masked' && key > query ? 0 : weight(query, key);
    });
    const sum = row.reduce((total, value) => total + value, 0);
    row.forEach((value, key) => {
      row[key] = value / sum;
    });
  });
  return { map, kind, queries, keys };
}

const sharp = (hit: boolean): number => (hit ? 20 : 0.5);

suite('trace/headKind', () => {
  const text = 'abcabc.dea|';

  for (const [kind, weight] of [
    ['previousToken', (query, key) => sharp(key === query - 1)],
    ['nextToken', (query, key) => sharp(key === query + 1)],
    ['firstToken', (_, key) => sharp(key === 0)],
    ['self', (query, key) => sharp(key === query)],
    ['sameToken', (query, key) => sharp(key !== query && text[key] === text[query])],
    ['separator', (_, key) => sharp('.|'.includes(text[key] ?? ''))],
    ['positional', (query, key) => [8, 4, 4][Math.abs(query - key)] ?? 0.2],
    ['broad', () => 1],
    ['mixed', (query, key) => (((query * 7 + key * 5) % 11) + 0.2) ** 2],
  ] satisfies [string, (query: number, key: number) => number][]) {
    test(`finds out: ${kind}`, () => {
      const found = headKind(head(text, 'self', weight));
      assert.equal(found.kind, kind);
      assert.ok(found.figure > 0 && found.figure <= 1.000001, String(found.figure));
    });
  }

  test('of a decoder, keys that are not seen yet are no choice', () => {
    assert.equal(headKind(head(text, 'masked', () => 1)).kind, 'broad');
    const previous = headKind(head(text, 'masked', (query, key) => sharp(key === query - 1)));
    assert.equal(previous.kind, 'previousToken');
    // The first token sees itself alone, which says nothing of the head.
    const byHand = Array.from({ length: text.length - 1 }, (_, row) => 20 / (20 + (row + 1) / 2));
    const mean = byHand.reduce((sum, share) => sum + share, 0) / byHand.length;
    assert.ok(Math.abs(previous.figure - mean) < 1e-6);
  });

  test('between two texts, places do not compare', () => {
    const source = 'uvwxyz';
    const aligned = head('edcba', 'cross', (query, key) => sharp(key === 5 - query), source);
    assert.equal(headKind(aligned).kind, 'aligning');
    const diagonal = head('edcba', 'cross', (query, key) => sharp(key === query), source);
    assert.equal(headKind(diagonal).kind, 'aligning');
    const copied = head(
      'zyx',
      'cross',
      (query, key) => sharp(source[key] === 'zyx'[query]),
      source,
    );
    assert.equal(headKind(copied).kind, 'aligning');
  });

  test('chance is no kind: of two tokens, half the attention is on the first', () => {
    assert.equal(headKind(head('ab', 'self', () => 1)).kind, 'broad');
  });

  test('a text of one token has no kind', () => {
    assert.deepEqual(headKind(head('a', 'masked', () => 1)), { kind: 'mixed', figure: 0 });
  });
});
