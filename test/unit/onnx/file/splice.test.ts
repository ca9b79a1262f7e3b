import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { assemble } from '../../../../src/onnx/file/splice';
import { Failure } from '../../../../src/shared/failure';

suite('onnx/file/splice', () => {
  test('a file beyond what protobuf can count is refused before any memory is taken', async () => {
    const source = { size: 10e9, read: () => assert.fail('a byte was read') };
    await assert.rejects(
      assemble(source, 'large.onnx', [{ offset: 0, length: source.size }, Uint8Array.of(1)]),
      (error) =>
        error instanceof Failure &&
        error.kind === 'unsupported' &&
        error.where === 'large.onnx' &&
        /10000000001 bytes/.test(error.message),
    );
  });
});
