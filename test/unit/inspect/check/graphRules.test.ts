import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { byteProducts } from '../../../../src/inspect/check/byteProducts';
import { untraceableAttention } from '../../../../src/inspect/check/untraceableAttention';
import type { NewGraphParts, NewInput } from '../../../../src/onnx/graph/graphBuilder';
import type { TensorRef } from '../../../../src/onnx/graph/model';
import type { ByteProducts } from '../../../../src/shared/modelOutline';
import {
  answer,
  changeTensor,
  checkedGraph,
  findings,
  floats,
  integers,
  words,
  written,
} from '../../../support/inspect/checked';
import { redeclareInputs } from '../../../support/engine/redeclared';
import { tinyEncoder, tinyModel } from '../../../support/engine/models';
import { temporaryFolder } from '../../../support/temporary';
import { families, openModel } from '../../../support/weights/files';

/** A graph that looks tokens up and reshapes what it finds, [batch, tokens, 4], by constants. */
function reshaped(
  target: readonly number[],
  ids: NewInput['shape'] = ['batch', 'tokens'],
): NewGraphParts {
  return {
    nodes: [
      { opType: 'Gather', inputs: ['table', 'input_ids'], outputs: ['rows'] },
      { opType: 'Reshape', inputs: ['rows', 'target'], outputs: ['y'] },
    ],
    initializers: [floats('table', [3, 4], Array<number>(12).fill(1)), integers('target', target)],
    inputs: [{ name: 'input_ids', dtype: 'int64', shape: ids }],
    outputs: ['y'],
  };
}

suite('inspect/check: the graph', () => {
  test('what keeps the runtime from running a file', async () => {
    const rule = 'graph/runtime';
    const parts = reshaped([0, 0, 4]);
    assert.deepEqual(await findings(written(parts), rule), []);
    const [newer, ...others] = await findings(written(parts, { irVersion: 99 }), rule);
    assert.match(
      newer ?? '',
      /^error: ONNX Runtime [\d.]+ cannot run the file: the file has IR version 99, and the runtime reads versions up to \d+ \(model\.onnx\)$/,
    );
    assert.deepEqual(others, []);
    const [first] = parts.nodes ?? [];
    const broken = { ...parts, nodes: first === undefined ? [] : [first] };
    assert.match(
      (await findings(written(broken), rule))[0] ?? '',
      /: nothing in the file makes the output “y” \(values like it: 1\) \(model\.onnx, y\)$/,
    );
    const unknown: NewGraphParts = {
      ...parts,
      nodes: [...(parts.nodes ?? []), { opType: 'Nonsense', inputs: ['y'], outputs: ['z'] }],
    };
    assert.match(
      (await findings(written(unknown), rule))[0] ?? '',
      /cannot compute the operator Nonsense \(nodes: 1\)/,
    );
  });

  test('an axis that is fixed where others vary, and one that is fixed throughout', async () => {
    const rule = 'graph/fixed-axes';
    const file = path.join(tinyEncoder(), 'onnx/model.onnx');
    assert.deepEqual(await findings(file, rule), []);
    redeclareInputs(file, { attention_mask: { dtype: 'int64', shape: [1, 'sequence_length'] } });
    const [half] = await findings(file, rule);
    assert.match(
      half ?? '',
      /^warning: The number of texts is fixed at 1 in the input “attention_mask”, while it varies in “input_ids” \(model\.onnx, attention_mask\)$/,
    );
    redeclareInputs(file, { attention_mask: { dtype: 'int64', shape: ['batch_size', 7] } });
    assert.match(
      (await findings(file, rule))[0] ?? '',
      /^warning: The number of tokens is fixed at 7 in the input “attention_mask”, while it varies in “input_ids” /,
    );
    const { model } = await openModel(file);
    const all = model.graph.inputs.map(
      ({ name }) => [name, { dtype: 'int64', shape: [1, 7] }] as const,
    );
    redeclareInputs(file, Object.fromEntries(all));
    const throughout = await findings(file, rule);
    assert.equal(throughout.length, 2);
    assert.match(
      throughout[0] ?? '',
      /^note: The number of texts that the graph reads at once is fixed at 1 /,
    );
    assert.match(
      throughout[1] ?? '',
      /^note: The number of tokens that the graph reads is fixed at 7 /,
    );
  });

  test('a decoder with a cache may read one token a step', async () => {
    const rule = 'graph/fixed-axes';
    const file = path.join(tinyModel('llama', 'with-cache'), 'onnx/model.onnx');
    redeclareInputs(file, { input_ids: { dtype: 'int64', shape: ['batch_size', 1] } });
    assert.deepEqual(await findings(file, rule), []);
    const without = path.join(tinyModel('llama', 'without-cache'), 'onnx/model.onnx');
    redeclareInputs(without, { input_ids: { dtype: 'int64', shape: ['batch_size', 1] } });
    assert.equal((await findings(without, rule)).length, 1);
  });

  for (const [target, isBaked] of [
    [[0, 0, 2, 2], false],
    [[-1, 4], false],
    [[0, -1, 2, 2], false],
    [[1, -1, 4], false],
    [[-1, 2], false],
    [[1, 7, 4], true],
    [[-1, 7, 4], true],
    [[0, 7, 4], true],
    [[28], true],
  ] as const) {
    test(`[batch, tokens, 4] as [${target.join(', ')}] ${isBaked ? 'fixes a length' : 'suits every length'}`, async () => {
      const found = await findings(written(reshaped(target)), 'graph/baked-lengths');
      assert.deepEqual(
        found,
        isBaked
          ? [
              `warning: Reshape nodes fix a length that the text had when the model was exported (nodes: 1); the first makes [${target.join(', ')}] of [batch, tokens, 4] (model.onnx, Reshape)`,
            ]
          : [],
      );
    });
  }

  test('where sizes are fixed, or may be no more than some numbers, no length is missed', async () => {
    const rule = 'graph/baked-lengths';
    assert.deepEqual(await findings(written(reshaped([1, 7, 4], [1, 7])), rule), []);
    assert.deepEqual(
      await findings(written(reshaped([-1, 7, 4], ['batch', '7*tokens'])), rule),
      [],
    );
  });

  test('why attention cannot be traced', async () => {
    const rule = 'attention/untraceable';
    assert.deepEqual(await findings(tinyModel('gpt2', 'with-cache'), rule), []);
    assert.deepEqual(await findings(path.join(families, 'without-map/fnet.onnx'), rule), [
      'note: The graph brings tokens together by DFT, a kind of layer that has no attention map (fnet.onnx)',
    ]);
    const graph = await checkedGraph(path.join(families, 'bert/torchscript-eager/model.onnx'));
    const aged = { ...graph, onnx: { ...graph.onnx, opsets: new Map([['', 10]]) } };
    const { findings: found } = await answer(untraceableAttention, { graphs: [aged] });
    assert.deepEqual(found.map(words), [
      'note: The model is written in version 10 of ONNX’s operators (model.onnx)',
    ]);
    assert.deepEqual((await answer(untraceableAttention, { graphs: [graph] })).findings, []);
  });

  test('the node at which attention cannot be traced', async () => {
    const decoder = await checkedGraph(
      path.join(families, 'bart/torchscript-eager/decoder_model.onnx'),
    );
    const { findings: found } = await answer(untraceableAttention, {
      graphs: [{ ...decoder, role: 'encoder-only' }],
    });
    assert.match(
      found.map(words).join(),
      /^note: The graph has cross attention, .* \(decoder_model\.onnx, \/.*encoder_attn\/\w+\)$/,
    );
  });

  suite('8-bit products', () => {
    const quantized = path.join(families, 'gpt2/torchscript-eager/model_quantized.onnx');
    const ask = async (file: string, products: ByteProducts | undefined) =>
      answer(byteProducts, {
        graphs: [await checkedGraph(file)],
        byteProducts: () => Promise.resolve(products),
      });

    /** A copy of which one weight has a number beyond 7 bits; the quantiser left none. */
    const widened = async (number: number): Promise<string> => {
      const file = path.join(temporaryFolder(), 'model.onnx');
      copyFileSync(quantized, file);
      const { model } = await openModel(file);
      const isMatrix = ({ dtype, dims }: TensorRef): boolean =>
        dtype === 'int8' && dims.length === 2;
      const name = model.graph.initializers.find(isMatrix)?.name ?? '';
      await changeTensor(file, name, (bytes) => bytes.writeInt8(number, 3));
      return file;
    };

    test('that this processor cuts off', async () => {
      for (const number of [65, -65]) {
        const { findings: found } = await ask(await widened(number), 'saturating');
        assert.match(
          found.map(words).join('\n'),
          /^warning: This processor has no VNNI .* at 1 of 9 such weights, the largest of them “.*” \(model\.onnx, [^\n]*$/,
        );
      }
    });

    test('of a reduced range fit', async () => {
      assert.deepEqual((await ask(quantized, 'saturating')).passed, [byteProducts.id]);
      assert.deepEqual((await ask(await widened(64), 'saturating')).passed, [byteProducts.id]);
    });

    test('that are exact here, or of other weights, are no finding', async () => {
      assert.deepEqual((await ask(await widened(127), 'exact')).passed, [byteProducts.id]);
      const single = path.join(families, 'gpt2/torchscript-eager/model.onnx');
      assert.deepEqual((await ask(single, 'saturating')).passed, [byteProducts.id]);
      const unsigned = path.join(families, 'bert/torchscript-eager/model_uint8.onnx');
      assert.deepEqual((await ask(unsigned, 'saturating')).passed, [byteProducts.id]);
    });

    test('are not asked for where the runtime does not answer', async () => {
      const { passed, skipped } = await ask(await widened(127), undefined);
      assert.deepEqual(passed, []);
      assert.equal(skipped.length, 1);
    });
  });
});
