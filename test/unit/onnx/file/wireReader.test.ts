import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { externalLocations } from '../../../../src/onnx/graph/externalData';
import { dtypeNumber } from '../../../../src/onnx/graph/dtype';
import type { OnnxModel } from '../../../../src/onnx/graph/model';
import { Failure } from '../../../../src/shared/failure';
import { readBytes } from '../../../support/onnx/fixtures';
import { wireCases, type WireCase } from '../../../support/onnx/wireCases';

/**
 * What ONNX Runtime reads and Headlight does not: it is either no protobuf that anybody writes, or
 * understood in one way by one part of the runtime and in another by the next.
 */
const REFUSED: ReadonlySet<string> = new Set([
  'data_location in a group',
  'data_location behind a group',
  'data_location by a tag of 33 bits',
  'a constant given twice, the first external',
  'a constant given twice, the last external',
  'a constant with a reference',
  'a constant with a list beside',
]);

suite('onnx/file: models are read as the parser of ONNX Runtime reads them', () => {
  for (const each of wireCases()) {
    test(each.name, async () => {
      const model = await unlessRefused(() => readBytes(each.model));
      if (REFUSED.has(each.name) || (each.runtime === 'refused' && model === undefined)) {
        assert.equal(model, undefined);
        return;
      }
      assert.ok(model, 'it is refused');
      compare(model, each);
    });
  }

  test('every case that is refused is there', () => {
    const names = new Set(wireCases().map(({ name }) => name));
    assert.deepEqual(
      [...REFUSED].filter((name) => !names.has(name)),
      [],
    );
  });
});

function compare(model: OnnxModel, { first, runtime }: WireCase): void {
  const [tensor] = model.graph.initializers;
  if (first !== undefined && first !== null) {
    assert.ok(tensor);
    assert.equal(tensor.data.kind === 'external', first.external);
    assert.equal(dtypeNumber(tensor.dtype), first.type);
    assert.deepEqual(tensor.dims, first.dims);
    assert.equal(tensor.name, first.name);
  }
  if (runtime === 'external') {
    assert.deepEqual(
      externalLocations(model, 'm.onnx').map(({ location }) => location),
      ['w.bin'],
    );
  }
}

async function unlessRefused<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return undefined;
  }
}
