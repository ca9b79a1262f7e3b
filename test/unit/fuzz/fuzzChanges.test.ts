import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { Change } from '../../fuzz/change';
import { GRAPH_CHANGES } from '../../fuzz/graphChanges';
import { LIST_CHANGES } from '../../fuzz/listChanges';
import { MESSAGE_CHANGES } from '../../fuzz/messageChanges';
import { block, fieldsOf, varint } from '../../fuzz/messages';
import { Random } from '../../fuzz/random';
import { TOKENIZER_CHANGES } from '../../fuzz/tokenizerChanges';

const ALL = [...MESSAGE_CHANGES, ...GRAPH_CHANGES, ...TOKENIZER_CHANGES, ...LIST_CHANGES];

/** Makes a change by its name, with many seeds; answers what came of those that found a place. */
function results(name: string, bytes: Uint8Array): Uint8Array[] {
  const [, change] = ALL.find(([each]) => each === name) ?? assert.fail(name);
  const made = Array.from({ length: 100 }, (_, seed) => tried(change, bytes, seed));
  const found = made.filter((each) => each !== undefined);
  assert.ok(found.length > 0, name);
  return found;
}

function tried(change: Change, bytes: Uint8Array, seed: number): Uint8Array | undefined {
  return change(bytes, new Random(seed), [bytes]);
}

/** The number that a field of wire type 0 holds, in all of its bits. */
function numberAt(bytes: Uint8Array, start: number, end: number): bigint {
  return bytes
    .subarray(start, end)
    .reduceRight((value, byte) => value * 128n + BigInt(byte & 0x7f), 0n);
}

const topFields = (bytes: Uint8Array) => fieldsOf(bytes, 0, bytes.length) ?? assert.fail();

suite('fuzz: changes do what they are named for', () => {
  test('a number beyond 32 bits is the same number to whoever drops the rest', () => {
    const external = Buffer.concat([varint(14 * 8), varint(1)]);
    for (const changed of results('number beyond 32 bits', external)) {
      const [{ number, start, end } = assert.fail()] = topFields(changed);
      const value = numberAt(changed, start, end);
      assert.equal(number, 14);
      assert.ok(value >= 2n ** 32n);
      assert.equal(BigInt.asIntN(32, value), 1n);
    }
  });

  test('a message in two parts has the fields of the whole', () => {
    const content = Buffer.concat([block(1, Buffer.from('a')), block(2, Buffer.from('b'))]);
    for (const changed of results('message in two parts', block(7, content))) {
      const parts = topFields(changed).filter(({ number }) => number === 7);
      assert.equal(parts.length, 2);
      const merged = parts.map(({ start, end }) => changed.subarray(start, end));
      assert.deepEqual(Buffer.concat(merged), content);
    }
  });

  test('a field of another wire type stands beside one that is as it was', () => {
    const field = block(8, Buffer.from('name'));
    const wires = new Set<number>();
    for (const changed of results('field of another wire type beside', field)) {
      const fields = topFields(changed);
      assert.ok(Buffer.from(changed).includes(Buffer.from(field)));
      assert.deepEqual(
        fields.map(({ number }) => number),
        [8, 8],
      );
      fields.forEach(({ wire }) => wires.add(wire));
    }
    assert.deepEqual([...wires].sort(), [0, 1, 2, 5]);
  });

  test('nested functions expand to more nodes than the file has bytes', () => {
    const most = results('functions nested', block(7, Buffer.alloc(0))).map((changed) => {
      const functions = topFields(changed).filter(({ number }) => number === 25);
      const calls = functions.map(
        ({ start, end }) =>
          fieldsOf(changed, start, end)?.filter(({ number }) => number === 7).length ?? 0,
      );
      return calls.reduce((nodes, count) => nodes * count, 1) / changed.length;
    });
    assert.ok(Math.max(...most) > 1e9);
  });

  test('steps that grow are a chain of up to a hundred', () => {
    const chains = results('steps that grow', Buffer.from('{"normalizer":null}')).map(
      (changed) =>
        Buffer.from(changed)
          .toString()
          .match(/"type"/g)?.length ?? 0,
    );
    assert.ok(Math.min(...chains) >= 2);
    assert.ok(Math.max(...chains) > 90);
  });

  test('oversized lists have up to more values than are taken', () => {
    const counts = results('an oversized list', Buffer.from('{"a": 1}')).map((changed) => {
      const { a } = JSON.parse(Buffer.from(changed).toString()) as { a: unknown[] };
      return a.length;
    });
    assert.ok(Math.min(...counts) > 10);
    assert.ok(Math.max(...counts) > 500_000);
  });
});
