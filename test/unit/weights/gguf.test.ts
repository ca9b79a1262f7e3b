import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readGguf } from '../../../src/weights/gguf';
import { WEIGHT_LIMITS } from '../../../src/weights/limits';
import { rejection } from '../../support/failures';
import { MemorySource } from '../../support/onnx/fixtures';
import { expected, fixture } from '../../support/tensors/expected';

const bytes = readFileSync(fixture('blocks.gguf'));

/** Bytes of the header: the first tensor lies behind it. */
async function headerLength(): Promise<number> {
  const { tensors } = await read(bytes);
  return Math.min(...tensors.map(({ offset }) => offset));
}

function read(content: Uint8Array) {
  return readGguf(new MemorySource(content), 'x.gguf');
}

suite('weights/gguf', () => {
  test('tensors and what the file says of itself', async () => {
    const { version, tensors, metadata } = await read(bytes);
    assert.equal(version, 3);
    assert.deepEqual(
      tensors.slice(0, -1).map(({ name, dims }) => [name, dims]),
      Object.entries(expected.blocks).map(([name, { dims }]) => [name, dims]),
    );
    assert.equal(metadata.get('general.architecture'), 'llama');
    assert.equal(metadata.get('llama.context_length'), 128);
    assert.equal(metadata.get('tokenizer.ggml.add_bos_token'), true);
    assert.equal(metadata.has('tokenizer.ggml.tokens'), false);
  });

  test('reads the header alone, however large the tensors', async () => {
    const large = Buffer.alloc(64 * 2 ** 20);
    bytes.copy(large);
    const source = new MemorySource(large);
    await readGguf(source, 'x.gguf');
    assert.ok(source.bytesRead <= 2 ** 18, String(source.bytesRead));
  });

  test('wherever it is cut, it says so', async () => {
    const length = await headerLength();
    for (let end = 0; end < length; end++) {
      assert.equal((await rejection(() => read(bytes.subarray(0, end)))).kind, 'model', `${end}`);
    }
    const last = await rejection(() => read(bytes.subarray(0, bytes.length - 66)));
    assert.ok(last.what.args.includes('unread'));
  });

  test('whatever byte is another, it ends, and fails with a Failure if at all', async () => {
    const length = await headerLength();
    for (let at = 0; at < length; at++) {
      for (const value of [0, 0x7f, 0xff]) {
        const other = Uint8Array.from(bytes);
        other[at] = value;
        await read(other).catch((error: unknown) => {
          assert.equal(error instanceof Error && error.name, 'Failure', `byte ${at}: ${value}`);
        });
      }
    }
  });

  test('more tensors than the limit are refused before they are read', async () => {
    const source = new MemorySource(bytes);
    const limits = { ...WEIGHT_LIMITS, tensors: 13 };
    const error = await rejection(() => readGguf(source, 'x.gguf', limits));
    assert.ok(error.what.args.includes('tensors'));
  });

  test('other formats, versions and byte orders are refused', async () => {
    const version = (number: number): Buffer => {
      const other = Buffer.from(bytes);
      other.writeUInt32LE(number, 4);
      return other;
    };
    const others = [version(1), version(4), version(0x03000000), Buffer.from('GGML'.repeat(9))];
    for (const other of others) {
      assert.equal((await rejection(() => read(other))).kind, 'model');
    }
  });
});
