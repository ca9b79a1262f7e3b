import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RULES } from '../../../../src/inspect/check/rules';
import type { CheckProgress } from '../../../../src/shared/modelCheck';
import { rejection } from '../../../support/failures';
import { context, listen, tinyModel, tinySeq2seq } from '../../../support/engine/models';
import { changeTensor, findings, report } from '../../../support/inspect/checked';
import { root } from '../../../support/root';
import { temporaryFolder } from '../../../support/temporary';
import { families, openModel } from '../../../support/weights/files';

suite('engine: check', () => {
  test('every rule has an id of its own', () => {
    const ids = RULES.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every((id) => /^[a-z]+\/[a-z0-9-]+$/.test(id)));
  });

  test('all files of a folder are looked at, of whatever precision', async () => {
    const folder = path.join(root, 'models/headlight-translate-en-zh');
    const { files } = await report(folder);
    assert.deepEqual(
      files.map((file) => path.relative(folder, file).replaceAll('\\', '/')),
      [
        'onnx/encoder_model.onnx',
        'onnx/decoder_model_merged.onnx',
        'onnx/encoder_model_quantized.onnx',
        'onnx/decoder_model_merged_quantized.onnx',
      ],
    );
  });

  test('a merged decoder and the two that do the same are no copies of each other', async () => {
    const folder = tinySeq2seq('marian');
    const others = ['decoder_model.onnx', 'decoder_with_past_model.onnx'];
    for (const name of others) {
      const source = path.join(root, 'test/fixtures/seq2seq/marian/onnx', name);
      copyFileSync(source, path.join(folder, 'onnx', name));
    }
    const { files } = await report(folder);
    assert.equal(files.length, 4);
    const twice = await findings(folder, 'weights/stored-twice');
    assert.ok(
      twice.length > 0 && twice.every((line) => !/also in decoder/.test(line)),
      twice.join('\n'),
    );
  });

  test('one file that is spoiled among several is told, and the others are looked at', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'onnx'));
    const source = path.join(families, 'bert/torchscript-eager');
    copyFileSync(path.join(families, 'bert/config.json'), path.join(folder, 'config.json'));
    for (const name of ['model.onnx', 'model_fp16.onnx', 'model_quantized.onnx']) {
      copyFileSync(path.join(source, name), path.join(folder, 'onnx', name));
    }
    writeFileSync(path.join(folder, 'onnx/model.onnx'), 'nothing of the kind');
    const half = path.join(folder, 'onnx/model_fp16.onnx');
    const { model } = await openModel(half);
    const name = model.graph.initializers.find(({ dims }) => dims.length === 2)?.name ?? '';
    await changeTensor(half, name, (bytes) => bytes.writeUInt16LE(0x7e00, 0));
    const { findings: found } = await report(folder);
    const errors = found.filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      errors.map(({ rule, place }) => [rule, path.basename(place.file)]),
      [
        ['files/unreadable', 'model.onnx'],
        ['weights/not-finite', 'model_fp16.onnx'],
      ],
    );
    assert.ok(found.every(({ severity }, i) => i < errors.length === (severity === 'error')));
  });

  test('what cannot be looked at at all is a failure', async () => {
    const file = path.join(temporaryFolder(), 'model.onnx');
    assert.equal((await rejection(() => report(file))).where, file);
    writeFileSync(file, 'nothing of the kind');
    assert.equal((await rejection(() => report(file))).kind, 'model');
    assert.equal((await rejection(() => report(temporaryFolder()))).kind, 'model');
  });

  test('weights outside the folder are not read', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'model.onnx');
    cpSync(path.join(families, 'gpt2/torchscript-eager-external/model.onnx'), file);
    symlinkSync(
      path.join(families, 'gpt2/torchscript-eager-external/model.onnx_data'),
      `${file}_data`,
    );
    const failure = await rejection(() => report(file));
    assert.match(failure.message, /weights outside its own folder/);
  });

  test('it tells how far it is, up to the last byte, file by file', async () => {
    const folder = path.join(root, 'models/headlight-translate-en-zh');
    const reported: CheckProgress[] = [];
    await listen().engine.check({ path: folder }, context(undefined, reported));
    assert.deepEqual(
      reported.map(({ index, files, read, bytes }) => [index, files, read === bytes]),
      [
        [0, 4, true],
        [1, 4, true],
        [2, 4, true],
        [3, 4, true],
      ],
    );
    assert.deepEqual(
      reported.map(({ file }) => file),
      (await report(folder)).files,
    );
  });

  test('it stops when it is cancelled', async () => {
    const controller = new AbortController();
    const { engine } = listen();
    const folder = tinyModel('llama', 'with-cache');
    const asked = { signal: controller.signal, report: () => controller.abort() };
    await assert.rejects(async () => engine.check({ path: folder }, asked), /abort/i);
    await assert.rejects(async () => engine.check({ path: folder }, asked), /abort/i);
  });
});
