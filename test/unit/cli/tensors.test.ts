import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DONE, FAILED, STOPPED } from '../../../src/cli/exitStatus';
import type { StoredTensor, TensorStatistics } from '../../../src/shared/tensorListing';
import { runCommand } from '../../support/cli';
import { rejection } from '../../support/failures';
import { temporaryFolder } from '../../support/temporary';
import { expected, fixture } from '../../support/tensors/expected';
import { safetensorsFile } from '../../support/tensors/safetensorsFile';
import { fixture as weights } from '../../support/weights/files';

const packed = weights('packed.onnx');

suite('cli/tensors', () => {
  test('a table, in the order of the file, by size or by name', async () => {
    const { status, written } = await runCommand(['tensors', packed]);
    const lines = written.split('\n');
    assert.equal(status, DONE);
    assert.equal(lines[0], '36 tensors, 2.1 kB');
    assert.match(lines[1] ?? '', /^ +shape +type +size$/);
    assert.equal(lines[2], '  layers.four.weight         5 × 40    uint4  120 bytes  as four_w');
    const order = async (sort: string) =>
      (await runCommand(['tensors', packed, '--sort', sort])).written
        .split('\n')
        .slice(2, -1)
        .map((line) => line.trim().split('  ')[0]);
    assert.equal((await order('size'))[0], 'layers.table_eight.weight');
    const names = await order('name');
    assert.deepEqual([names[0], names.at(-1)], ['blocks_scale', 'whole_zero']);
    assert.ok(names.indexOf('layers.fp4.weight') < names.indexOf('layers.nf4.weight'));
  });

  test('what the numbers are, in a column each; texts have none', async () => {
    const { status, written, notes } = await runCommand([
      ...['tensors', fixture('tensors.onnx'), '--stats'],
    ]);
    const line = (name: string) =>
      written
        .split('\n')
        .find((each) => each.startsWith(`  ${name} `))
        ?.trim()
        .split(/ {2,}/);
    assert.deepEqual([status, notes], [DONE, []]);
    assert.deepEqual(line('some_nan')?.slice(4), ['-7', '3', '-0.5', '3.0957', '37.5%', '2']);
    assert.deepEqual(line('texts')?.slice(4, 10), ['–', '–', '–', '–', '–', '–']);
    assert.deepEqual(line('only_nan')?.slice(4), ['–', '–', '–', '–', '0.0%', '4']);
  });

  test('one tensor, by the name of the file or of transformers', async () => {
    const { written } = await runCommand(['tensors', packed, 'layers.nf4.weight', '--stats']);
    const lines = written.split('\n');
    assert.match(lines[0] ?? '', /^layers\.nf4\.weight {2}5 × 26 {2}nf4 {2}65 bytes/);
    assert.match(lines[1] ?? '', /quantised/);
    assert.ok(lines.some((line) => /^ {2}scales +9, /.test(line)));
    assert.equal((await runCommand(['tensors', packed, 'nf4_w', '--stats'])).written, written);
  });

  test('--json holds all of it', async () => {
    const list = JSON.parse(
      (await runCommand(['tensors', packed, '--stats', '--json'])).written,
    ) as {
      tensors: (StoredTensor & { statistics: TensorStatistics })[];
    };
    const wanted = expected.packed['layers.four.weight'];
    const four = list.tensors.find(({ name }) => name === 'four_w');
    assert.equal(four?.statistics.finite?.maximum, wanted?.finite?.maximum);
    const one = await runCommand(['tensors', packed, 'four_w', '--stats', '--json']);
    assert.deepEqual(JSON.parse(one.written), four);
  });

  test('a tensor as NumPy prints it, and as its file', async () => {
    const file = fixture('tensors.onnx');
    const text = await runCommand(['tensors', file, 'cube']);
    assert.equal(text.written, `${expected.texts['cube'] ?? ''}\n`);
    const target = path.join(temporaryFolder(), 'four.npy');
    const saved = await runCommand(['tensors', file, 'four', '--npy', target]);
    assert.equal(saved.written, `${target}\n`);
    assert.equal(readFileSync(target).toString('base64'), expected.files['four']);
    const again = ['tensors', file, 'scalar', '--npy', target];
    assert.equal((await rejection(() => runCommand(again))).where, target);
    await runCommand([...again, '--force']);
    assert.equal(readFileSync(target).toString('base64'), expected.files['scalar']);
  });

  test('a name that none or several have is told', async () => {
    const none = await rejection(() => runCommand(['tensors', packed, 'other', '--stats']));
    assert.equal(none.kind, 'input');
    const folder = temporaryFolder();
    for (const name of ['a.onnx', 'b.onnx']) {
      copyFileSync(fixture('tensors.onnx'), path.join(folder, name));
    }
    const several = await rejection(() => runCommand(['tensors', folder, 'cube', '--stats']));
    assert.match(several.where ?? '', /a\.onnx, .*b\.onnx/);
  });

  test('weights that are missing are told, beside what is there', async () => {
    const file = path.join(temporaryFolder(), 'external.onnx');
    copyFileSync(fixture('external.onnx'), file);
    const { status, written, notes } = await runCommand(['tensors', file, '--stats']);
    assert.equal(status, FAILED);
    assert.match(written, /outside +30 × 50 +float32/);
    assert.match(notes.join(), /missing/);
  });

  test('Ctrl+C stops it', async () => {
    const file = path.join(temporaryFolder(), 'model.safetensors');
    const bytes = new Uint8Array(2 ** 24);
    writeFileSync(file, safetensorsFile([{ name: 'w', dtype: 'float32', dims: [2 ** 22], bytes }]));
    const interrupted = new AbortController();
    setTimeout(() => interrupted.abort(), 5);
    const { status, written, notes } = await runCommand(
      ['tensors', file, 'w', '--stats'],
      '',
      undefined,
      interrupted.signal,
    );
    assert.deepEqual([status, written, notes], [STOPPED, '', ['stopped']]);
  });
});
