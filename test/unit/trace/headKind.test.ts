import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { AttentionKind } from '../../../src/shared/attention';
import { seededRandom } from '../../../src/engine/generation/random';
import { headKind } from '../../../src/trace/headKind';
import { positionalSkill } from '../../../src/trace/positionalSkill';
import { characterTokens } from '../../support/trace/characterTokens';

/** Rows that sum to 1, made of weights. */
function head(
  text: string,
  kind: AttentionKind,
  weight: (query: number, key: number) => number,
  source = text,
) {
  const queries = characterTokens(text);
  const keys = characterTokens(source);
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
    ['attentionSink', (_, key) => sharp(key === 0)],
    ['currentToken', (query, key) => sharp(key === query)],
    ['duplicateToken', (query, key) => sharp(key !== query && text[key] === text[query])],
    ['separator', (_, key) => sharp('.|'.includes(text[key] ?? ''))],
    ['positional', (query, key) => [8, 4, 4][Math.abs(query - key)] ?? 0.2],
    ['broad', () => 1],
    ['mixed', (query, key) => (((query * 7 + key * 5) % 11) + 0.2) ** 2],
  ] satisfies [string, (query: number, key: number) => number][]) {
    test(`finds out: ${kind}`, () => {
      const found = headKind(head(text, 'self', weight));
      assert.equal(found.kind, kind);
      assert.ok(
        'targets' in found ||
          ('figure' in found &&
            found.figure >= found.limit &&
            found.limit > found.chance === (kind !== 'broad') &&
            found.figure <= 1.000001),
      );
    });
  }

  test('what a quarter of the queries do is no label of the head', () => {
    const few = (query: number, key: number): number =>
      query < 3 ? sharp('.|'.includes(text[key] ?? '')) : (((query * 7 + key * 5) % 11) + 0.2) ** 2;
    assert.equal(headKind(head(text, 'self', few)).kind, 'mixed');
  });

  test('queries without a target count as 0: of a decoder, those before the first mark', () => {
    const marks = (_: number, key: number): number => sharp('.|'.includes(text[key] ?? ''));
    // Only the last five of ten queries see a mark.
    assert.equal(headKind(head('abcabc.dea|', 'masked', marks)).kind, 'mixed');
    const late = (_: number, key: number): number => sharp('.|'.includes('a.cabc.dea|'[key] ?? ''));
    const found = headKind(head('a.cabc.dea|', 'masked', late));
    assert.ok(found.kind === 'separator');
    assert.deepEqual(found.queries, { counted: 10, all: 10 });
  });

  test('the same token elsewhere is a label of the queries that have one, and says how many', () => {
    const found = headKind(
      head(text, 'self', (query, key) => sharp(key !== query && text[key] === text[query])),
    );
    assert.ok(found.kind === 'duplicateToken');
    // a, b, c, a, b, c and the later a.
    assert.deepEqual(found.queries, { counted: 7, all: 11 });
    const once = 'abcdefg.ija';
    const rare = headKind(
      head(once, 'self', (query, key) =>
        once[query] === 'a'
          ? sharp(key !== query && once[key] === 'a')
          : (((query * 7 + key * 5) % 11) + 0.2) ** 2,
      ),
    );
    assert.equal(rare.kind, 'mixed');
  });

  test('a head whose rows each have offsets of their own is not positional', () => {
    // Each query looks at one key, at an offset that no other query has.
    const own = head('abcdefgh', 'masked', (query, key) => (key === query >> 1 ? 20 : 0.1));
    assert.notEqual(headKind(own).kind, 'positional');
    assert.ok(positionalSkill(own).skill < 0.4);
  });

  test('of five queries that have a choice nothing is told, whatever the head does', () => {
    const offsets = (query: number, key: number): number => [4, 4, 4][query - key] ?? 0.2;
    assert.equal(headKind(head('abcdefghijkl', 'masked', offsets)).kind, 'positional');
    for (const weight of [offsets, () => 1, (_: number, key: number) => sharp(key === 0)]) {
      const short = headKind(head('abcdef', 'masked', weight));
      assert.deepEqual(short, { kind: 'tooShort', queries: 5, needed: 6 });
      assert.notEqual(headKind(head('abcdefg', 'masked', weight)).kind, 'tooShort');
    }
    const diagonal = (query: number, key: number): number => sharp(key === query);
    assert.equal(headKind(head('abcde', 'cross', diagonal, 'uvwxyz')).kind, 'tooShort');
    // All look at the one key that there is.
    const one = headKind(head('abcdefgh', 'cross', () => 1, 'u'));
    assert.deepEqual(one, { kind: 'tooShort', queries: 0, needed: 6 });
  });

  test('rows between two texts that look sharply at places of no order are no alignment', () => {
    const random = seededRandom(48);
    const place = (source: string): number => Math.floor(random() * source.length);
    for (const [result, source] of [
      ['abcdef', 'uvwxyz'],
      ['abcdefghijkl', 'mnopqrstuvwxyz'],
      ['abcdefghijklmnopqrst', 'uvwxyz'],
    ] as const) {
      let labelled = 0;
      for (let trial = 0; trial < 1000; trial++) {
        const places = Array.from(result, () => place(source));
        const found = headKind(
          head(result, 'cross', (query, key) => sharp(key === places[query]), source),
        );
        labelled += Number(found.kind === 'aligning' || found.kind === 'monotone');
      }
      // One in a hundred by the rule; three standard deviations of that are another one.
      assert.ok(labelled <= 20, `${labelled} of 1000`);
    }
  });

  test('an aligning head names its step, and the one that it must stay below', () => {
    const places = [0, 1, 2, 4, 3, 5, 7, 6];
    const found = headKind(
      head('abcdefgh', 'cross', (query, key) => sharp(key === places[query]), 'stuvwxyz'),
    );
    assert.ok(found.kind === 'aligning');
    // Steps of 1, 1, 2, 1, 2, 2, 1; of two places out of eight the mean distance is 3.
    assert.ok(Math.abs(found.figure - 10 / 7 / 3) < 1e-9);
    assert.equal(found.chance, 1);
    assert.ok(found.figure < found.limit && found.limit < 0.6);
  });

  test('of a decoder, keys that are not seen yet are no choice', () => {
    assert.equal(headKind(head(text, 'masked', () => 1)).kind, 'broad');
    const previous = headKind(head(text, 'masked', (query, key) => sharp(key === query - 1)));
    assert.ok(previous.kind === 'previousToken');
    // The first token sees itself alone, which says nothing of the head.
    const byHand = Array.from({ length: text.length - 1 }, (_, row) => 20 / (20 + (row + 1) / 2));
    const mean = byHand.reduce((sum, share) => sum + share, 0) / byHand.length;
    assert.ok(Math.abs(previous.figure - mean) < 1e-6);
  });

  test('between two texts, places do not compare', () => {
    const source = 'uvwxyz';
    const aligned = head('fedcba', 'cross', (query, key) => sharp(key === 5 - query), source);
    assert.equal(headKind(aligned).kind, 'aligning');
    const diagonal = head('fedcba', 'cross', (query, key) => sharp(key === query), source);
    assert.equal(headKind(diagonal).kind, 'aligning');
    const passage = 'klmnopqrstuv';
    const summary = 'qrstuvklmnop';
    const copies = (query: number, key: number): number => sharp(passage[key] === summary[query]);
    const copied = head(summary, 'cross', copies, passage);
    assert.equal(headKind(copied).kind, 'aligning');
  });

  test('an order of places is an alignment, a few places that many share are none', () => {
    const source = 'stuvwxyz';
    const near = (query: number, key: number): number => Math.exp(-Math.abs(key - query) / 3);
    const moving = headKind(head('abcdefgh', 'cross', near, source));
    assert.ok(moving.kind === 'monotone');
    assert.equal(moving.figure, 1);
    const back = headKind(head('abcdefgh', 'cross', (query, key) => near(7 - query, key), source));
    assert.notEqual(back.kind, 'monotone');
    const halves = headKind(
      head('abcdefgh', 'cross', (query, key) => near(query < 4 ? 2 : 5, key), source),
    );
    assert.notEqual(halves.kind, 'monotone');
  });

  test('chance is no kind: of two tokens, half the attention is on the first', () => {
    assert.equal(headKind(head('abcdefgh', 'cross', () => 1, 'uv')).kind, 'broad');
  });

  test('without a label, what a place is to the token is a target like the tokens themselves', () => {
    const noise = (query: number, key: number): number => (((query * 7 + key * 5) % 11) + 0.2) ** 2;
    const targetsOf = (target: (query: number, key: number) => boolean): [string, string?][] => {
      const weight = (query: number, key: number): number =>
        target(query, key) ? 150 : noise(query, key);
      const found = headKind(head('abcdefghijka', 'self', weight));
      assert.ok(found.kind === 'mixed', found.kind);
      return found.targets.map(({ target, label }) => [target, ...(label ? [label] : [])]) as [
        string,
        string?,
      ][];
    };
    assert.deepEqual(targetsOf((query, key) => key === query - 1)[0], ['previousToken']);
    assert.deepEqual(targetsOf((query, key) => key === query + 1)[0], ['nextToken']);
    assert.deepEqual(targetsOf((query, key) => key === query)[0], ['self']);
    const first = targetsOf((_, key) => key === 0);
    assert.deepEqual(first[0], ['firstToken', 'a']);
    // The other “a” is not the first token.
    assert.ok(!first.slice(1).some(([, label]) => label === 'a'));
  });
});
