import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openSession } from '../../../../src/engine/runtime/session';
import { loadFailure, runFailure } from '../../../../src/engine/runtime/runtimeErrors';
import { int64Row, type Tensor } from '../../../../src/engine/runtime/tensor';
import { inEnglish } from '../../../../src/shared/failure';
import { rejection } from '../../../support/failures';
import { block, int } from '../../../support/onnx/protobuf';
import { tinyEncoder } from '../../../support/engine/models';
import { redeclareInputs } from '../../../support/engine/redeclared';

const WHERE = 'onnx/model.onnx';
const file = path.join(tinyEncoder(), WHERE);
const bytes = readFileSync(file);

/** The model with a node more, which takes its logits. */
function withNode(operator: string, ...more: Uint8Array[]): Uint8Array {
  const node = block(1, block(1, 'logits'), block(2, 'more'), block(4, operator), ...more);
  return Buffer.concat([bytes, block(7, node)]);
}

/** What the runtime itself says of files that it cannot load, and what helps. */
const unloadable: Record<string, [file: Uint8Array, says: RegExp, remedy: RegExp]> = {
  'a file that is no model': [Buffer.from('garbage'), /protobuf/, /damaged.*download or export/],
  'a file that is cut short': [bytes.subarray(0, 9000), /protobuf/, /damaged.*download or export/],
  'an operator that nobody knows': [
    withNode('Frobnicate'),
    /Frobnicate/,
    /operators of ONNX and ONNX Runtime/,
  ],
  'an operator of a foreign domain': [
    withNode('Frobnicate', block(7, 'my.domain')),
    /my\.domain/,
    /operators of ONNX and ONNX Runtime/,
  ],
  'a type that an operator does not take': [
    withNode('Not'),
    /Type Error.*Not/,
    /contradicts itself/,
  ],
  'a format of the future': [
    Buffer.concat([bytes, int(1, 99)]),
    /^ONNX Runtime cannot load the model: Unsupported model IR version: 99/,
    /older version/,
  ],
  'operators of the future': [
    Buffer.concat([bytes, block(8, int(2, 99))]),
    /opset 99|guarantees/,
    /older version/,
  ],
};

suite('engine/runtime: what helps against what the runtime says', () => {
  for (const [title, [model, says, remedy]] of Object.entries(unloadable)) {
    test(`loading ${title}`, async () => {
      const failure = await rejection(() =>
        openSession({ bytes: model, folder: path.dirname(file) }, WHERE),
      );
      assert.deepEqual([failure.kind, failure.where], ['runtime', WHERE]);
      assert.match(inEnglish(failure.what), says);
      assert.match(inEnglish(failure.remedy), remedy);
      assert.doesNotMatch(failure.message, /onnxruntime_src|shorter text|\n/);
    });
  }

  const row = (length: number, value = 1): Tensor =>
    int64Row(new Array<number>(length).fill(value));
  const whole = (length: number, value = 1): Map<string, Tensor> =>
    new Map([
      ['input_ids', row(length, value)],
      ['attention_mask', row(length)],
      ['token_type_ids', row(length, 0)],
    ]);
  const runs: Record<string, [feeds: Map<string, Tensor>, says: RegExp, remedy: RegExp]> = {
    'an input that is missing': [
      new Map([...whole(2)].slice(0, 2)),
      /token_type_ids/,
      /^export the model with Optimum/,
    ],
    'an input of another form': [
      new Map([...whole(2), ['input_ids', { ...row(2), dims: [2] }]]),
      /rank.*input_ids/,
      /^export the model with Optimum/,
    ],
    'more tokens than there are positions': [whole(100), /Add/, /^try a shorter text/],
    'a token that the model does not have': [
      whole(2, 9999),
      /9999/,
      /^try a shorter text; if that fails too, the tokenizer/,
    ],
  };
  for (const [title, [feeds, says, remedy]] of Object.entries(runs)) {
    test(`running with ${title}`, async () => {
      const session = await openSession({ file }, WHERE);
      const failure = await rejection(() => session.run(feeds, ['logits']));
      assert.deepEqual([failure.kind, failure.where], ['runtime', WHERE]);
      assert.match(inEnglish(failure.what), says);
      assert.match(inEnglish(failure.remedy), remedy);
      assert.doesNotMatch(failure.message, /onnxruntime_src|\n/);
    });
  }

  test('a size that the graph fixes is told whole, with both numbers', async () => {
    const fixed = path.join(tinyEncoder(), WHERE);
    redeclareInputs(fixed, { input_ids: { dtype: 'int64', shape: [1, 16] } });
    const session = await openSession({ file: fixed }, WHERE);
    const { what, remedy } = await rejection(() => session.run(whole(2), ['logits']));
    assert.match(inEnglish(what), /input_ids.*Got: 2 Expected: 16/);
    assert.match(inEnglish(remedy), /texts of any length/);
  });

  test('what nobody foresaw promises nothing, and is not endless', () => {
    for (const failure of [
      loadFailure(new Error(`strange ${'x'.repeat(1e6)}`), WHERE),
      runFailure('strange', WHERE),
    ]) {
      assert.match(inEnglish(failure.remedy), /^use another file of the model/);
      assert.ok(failure.message.length < 700);
    }
  });
});
