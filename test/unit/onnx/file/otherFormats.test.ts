import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inEnglish } from '../../../../src/shared/failure';
import { rejection } from '../../../support/failures';
import { fixture, readBytes } from '../../../support/onnx/fixtures';

const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';

suite('onnx, given another file', () => {
  const files: [name: string, content: string | Uint8Array, says: RegExp][] = [
    ['nothing', '', /empty/],
    ['a pointer of Git LFS', POINTER, /pointer that Git LFS leaves.*git lfs pull/],
    ['a web page', '<!DOCTYPE html>\n<html><head>', /web page.*download the file itself/],
    ['a web page after a blank line', '\ufeff\n <html lang="en">', /web page/],
    ['a web page in UTF-16', Buffer.from('\ufeff<html>', 'utf16le'), /web page/],
    ['an answer of a server', 'Entry not found', /text.*begins with “Entry not found”/],
    ['JSON', '{"error":"Repository not found"}', /text.*Repository not found/],
    ['text in Chinese, cut off', Buffer.from('找不到文件'.repeat(99)).subarray(0, 512), /找不到/],
    ['GGUF', 'GGUF\x03\0\0\0', /another format: GGUF/],
    ['the format of ORT', '\x20\0\0\0ORTM', /another format: ORT/],
    ['TensorFlow Lite', '\x1c\0\0\0TFL3', /another format: TensorFlow Lite/],
    ['safetensors', '\x40\0\0\0\0\0\0\0{"w":{"dtype":"F32"', /another format: safetensors/],
    ['HDF5', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), /another format: HDF5/],
    ['PyTorch', Buffer.from('PK\x03\x04\x14\0', 'latin1'), /another format: ZIP \(PyTorch\)/],
    ['older PyTorch', Buffer.from('\x80\x02\x8a\x0a', 'latin1'), /another format: pickle/],
    ['a program', '\x7fELF\x02\x01\x01\0', /This is not an ONNX file .*choose the \.onnx file/],
    ['bytes of no kind', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0]), /This is not an ONNX file/],
    ['gzip', Buffer.from('\x1f\x8b\x08', 'latin1'), /another format: gzip/],
  ];
  for (const [name, content, says] of files) {
    test(`says of ${name} what it is`, async () => {
      const failure = await rejection(() => readBytes(Buffer.from(content)));
      assert.equal(failure.kind, 'model');
      assert.equal(failure.where, 'test.onnx');
      assert.match(failure.message, says);
    });
  }

  test('advises to choose another file where a text is what its name says', async () => {
    for (const [file, says] of [
      ['config.json', /not a model.*: choose the \.onnx file of the model, or its folder$/],
      ['README.md', /choose the \.onnx file of the model, or its folder$/],
      ['model.onnx', /download the file again/],
    ] as const) {
      const failure = await rejection(() => readBytes(Buffer.from('{"model_type": "gpt2"}'), file));
      assert.match(failure.message, says);
    }
    const page = await rejection(() => readBytes(Buffer.from('<html>'), 'config.json'));
    assert.match(page.message, /download the file itself/);
  });

  test('says of a model that is damaged where it is', async () => {
    const failure = await rejection(() => readBytes(fixture('parts.onnx').subarray(0, 100)));
    assert.match(inEnglish(failure.what), /ends at byte 100/);
  });

  test('quotes only the beginning of a text', async () => {
    const failure = await rejection(() => readBytes(Buffer.from('word '.repeat(1000))));
    assert.ok(inEnglish(failure.what).length < 150, failure.message);
  });
});
