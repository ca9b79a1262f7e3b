import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'mocha';
import { LIMITS, type Limits } from '../../../../src/onnx/file/limits';
import { readOnnx } from '../../../../src/onnx/file/readModel';
import type {
  Attribute,
  Graph,
  Node,
  OnnxModel,
  SparseTensorRef,
  TensorRef,
  ValueInfo,
} from '../../../../src/onnx/graph/model';
import { Failure } from '../../../../src/shared/failure';
import { fixture, json, MemorySource, readBytes } from '../../../support/onnx/fixtures';
import { block, head, int, model } from '../../../support/onnx/protobuf';

suite('onnx/file/readModel', () => {
  for (const name of ['parts', 'branches', 'gpt2-eager-dynamo']) {
    test(`reads from ${name}.onnx what the onnx package reads`, async () => {
      const bytes = fixture(`${name}.onnx`);
      const read = await readBytes(bytes);
      assert.deepEqual(modelOutline(read, bytes), json(`${name}.outline.json`));
    });
  }

  for (const name of ['llama-eager', 'llama-sdpa']) {
    test(`reads from ${name}.onnx what the onnx package reads, nodes counted`, async () => {
      const bytes = fixture(`${name}.onnx`);
      const outline = modelOutline(await readBytes(bytes), bytes);
      const operators: Record<string, number> = {};
      for (const { opType } of outline.graph.nodes) {
        operators[opType] = (operators[opType] ?? 0) + 1;
      }
      const { functions, graph } = outline;
      assert.deepEqual(
        { ...outline, functions, graph: { ...graph, nodes: operators } },
        json(`${name}.outline.json`),
      );
    });
  }

  test('finds the elements of tensors that are listed one by one', async () => {
    const { graph } = await readBytes(fixture('parts.onnx'));
    const typed = graph.initializers.flatMap(({ name, data }) =>
      data.kind === 'typed' ? [[name, data.field, data.spans.map(({ length }) => length)]] : [],
    );
    assert.deepEqual(typed, [
      ['typed_floats', 'float_data', [12]],
      ['typed_ints', 'int64_data', [11]],
      ['typed_strings', 'string_data', [3, 3]],
      ['typed_doubles', 'double_data', [8]],
      ['typed_halves', 'int32_data', [5]],
    ]);
  });

  test('keeps of the metadata of nodes only where they come from', async () => {
    const { graph } = await readBytes(fixture('parts.onnx'));
    assert.deepEqual([...(graph.nodes[0]?.metadata.keys() ?? [])], ['namespace']);
  });

  test('merges the occurrences of graphs, and of tensors in attributes', async () => {
    const name = block(5, block(1, 'value'), int(20, 4), block(5, int(1, 2), int(2, 1)));
    const rest = block(5, int(1, 1), block(9, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)));
    const attribute = Buffer.concat([name.subarray(2), rest]);
    const first = block(7, block(2, 'first'), block(1, block(5, attribute), block(2, 'a')));
    const second = block(7, block(2, 'second'), block(1, block(2, 'b')), block(12, block(1, 'a')));
    const { graph } = await readBytes(Buffer.concat([first, block(8, int(2, 14)), second]));

    assert.equal(graph.name, 'second');
    assert.deepEqual(
      graph.nodes.map((node) => node.outputs),
      [['a'], ['b']],
    );
    assert.deepEqual(graph.outputs, [{ name: 'a' }]);
    const constant = graph.nodes[0]?.attributes.get('value');
    assert.ok(constant?.kind === 'tensor');
    assert.deepEqual(constant.value.dims, [2, 1]);
    assert.equal(constant.value.data.kind, 'raw');
  });

  test('reads lists of numbers that are packed', async () => {
    const ints = block(5, block(1, 'ints'), int(20, 7), block(8, Uint8Array.of(1, 0xac, 2)));
    const minus = Uint8Array.from([...new Array<number>(9).fill(0xff), 1]);
    const more = block(5, block(1, 'more'), int(20, 7), int(8, 5), block(8, minus), int(8, 6));
    const values = new Uint8Array(new Float32Array([0.5, -2]).buffer);
    const floats = block(5, block(1, 'floats'), int(20, 6), block(7, values));
    const { graph } = await readBytes(model(block(1, ints, more, floats)));
    assert.deepEqual(Object.fromEntries(graph.nodes[0]?.attributes ?? []), {
      ints: { kind: 'ints', value: [1, 300] },
      more: { kind: 'ints', value: [5, -1, 6] },
      floats: { kind: 'floats', value: [0.5, -2] },
    });
  });

  test('tells the kind of an attribute by what it holds where its type is not given', async () => {
    const attribute = block(5, block(1, 'axis'), int(3, 2));
    const { graph } = await readBytes(model(block(1, attribute)));
    assert.deepEqual(graph.nodes[0]?.attributes.get('axis'), { kind: 'int', value: 2 });
  });

  test('opens a file of 10 GB with less than 1 MB read', async () => {
    const weight = 100 * 2 ** 20;
    const count = 100;
    const source = new SparseSource();
    const tensors = Array.from({ length: count }, (_, index) => {
      const before = Buffer.concat([
        int(1, weight / 4),
        int(2, 1),
        block(8, `w${index}`),
        head(9, weight),
      ]);
      return { before: Buffer.concat([head(5, before.length + weight), before]) };
    });
    const length = tensors.reduce((sum, { before }) => sum + before.length + weight, 0);
    source.add(head(7, length));
    for (const { before } of tensors) {
      source.add(before);
      source.leaveGap(weight);
    }
    source.add(block(8, int(2, 14)));

    const { graph } = await readOnnx(source, 'large.onnx');
    assert.equal(source.size > 10e9, true);
    assert.deepEqual(
      graph.initializers.map(({ name, dims }) => [name, dims]),
      Array.from({ length: count }, (_, index) => [`w${index}`, [weight / 4]]),
    );
    assert.ok(source.bytesRead < 2 ** 20, `${source.bytesRead} bytes were read`);
  });

  test('reads all of a file in few reads', async () => {
    const bytes = fixture('llama-sdpa.onnx');
    const source = new MemorySource(bytes);
    await readOnnx(source, 'test.onnx');
    assert.ok(source.bytesRead < 1.5 * bytes.length, `${source.bytesRead} bytes were read`);
  });
});

suite('onnx/file/readModel, given a damaged file', () => {
  test('says at which byte a cut file should go on', async () => {
    const whole = fixture('parts.onnx');
    await rejects(whole.subarray(0, 1000), /byte \d+ should end at byte \d+, .* ends at byte 1000/);
  });

  const damaged: { name: string; bytes: Uint8Array; message: RegExp }[] = [
    { name: 'no byte', bytes: new Uint8Array(0), message: /The file is empty/ },
    { name: 'text', bytes: Buffer.from('<!DOCTYPE html><html>'), message: /web page/ },
    {
      name: 'no operator set',
      bytes: block(7, block(2, 'g')),
      message: /without the operator sets/,
    },
    {
      name: 'a field that is longer than what it is in',
      bytes: Buffer.concat([block(7, head(1, 50)), block(8, new Uint8Array(60))]),
      message: /byte 2 should end at byte 54, but what it is part of ends at byte 4/,
    },
    {
      name: 'a number without an end',
      bytes: model(block(1, Uint8Array.of(0x18, ...new Array<number>(11).fill(0x80)))),
      message: /The number at byte \d+ does not end/,
    },
    {
      name: 'a field number of 0',
      bytes: model(Uint8Array.of(0x02, 0x00)),
      message: /no valid field number at byte 4/,
    },
    {
      name: 'a group',
      bytes: model(Uint8Array.of(0x0b, 0x0c)),
      message: /no valid wire type at byte 4/,
    },
    {
      name: 'a name that is no text',
      bytes: model(block(2, Uint8Array.of(0xff))),
      message: /The name at byte 4 is not valid UTF-8/,
    },
    {
      name: 'a list of floats that ends within one',
      bytes: model(block(1, block(5, block(7, 'three')))),
      message: /The list of floats at byte \d+ ends within a number/,
    },
    {
      name: 'a sparse tensor without indices',
      bytes: model(block(15, block(1, int(2, 1), block(9, 'four')))),
      message: /The sparse tensor at byte 4 lacks its values or indices/,
    },
    {
      name: 'an unknown element type',
      bytes: model(block(5, block(8, 'w'), int(2, 99))),
      message: /“w” at byte 4 has an unknown element type, number 99/,
    },
    {
      name: 'a shape that is larger than any memory',
      bytes: model(block(5, int(2, 1), ...Array.from({ length: 9 }, () => int(1, 127)))),
      message: /impossible shape/,
    },
    {
      name: 'a tensor with too few bytes',
      bytes: model(block(5, block(8, 'w'), int(2, 1), int(1, 3), block(9, 'bytes'))),
      message: /“w” at byte 4 has 5 bytes of data, which its shape \[3\] does not fit/,
    },
    {
      name: 'a tensor with too few listed elements',
      bytes: model(block(5, block(8, 'w'), int(2, 1), int(1, 3), block(4, new Uint8Array(8)))),
      message: /“w” at byte 4 has 8 bytes of data, which its shape \[3\] does not fit/,
    },
    {
      name: 'a tensor with more listed numbers than elements',
      bytes: model(block(5, block(8, 'w'), int(2, 7), int(1, 1), block(7, new Uint8Array(11)))),
      message: /“w” at byte 4 has 11 bytes of data/,
    },
    {
      name: 'a tensor with too few texts',
      bytes: model(block(5, block(8, 'w'), int(2, 8), int(1, 2), block(6, 'one'))),
      message: /“w” at byte 4 has 3 bytes of data/,
    },
    {
      name: 'elements in a field of another type',
      bytes: model(block(5, block(8, 'w'), int(2, 1), int(1, 1), block(7, Uint8Array.of(1)))),
      message: /“w” at byte 4 has its elements in int64_data, where those of type float32 do not/,
    },
    {
      name: 'a sparse tensor of negative size',
      bytes: model(
        block(
          15,
          block(1, int(2, 1), int(1, 1), block(9, 'four')),
          block(2, int(2, 7), int(1, 1), block(9, 'eight by')),
          block(3, Uint8Array.from([...new Array<number>(9).fill(0xff), 1])),
        ),
      ),
      message: /The sparse tensor at byte 4 has an impossible shape, \[-1\]/,
    },
    {
      name: 'shapes without end, in one list',
      bytes: model(block(5, int(2, 1), block(1, new Uint8Array(65).fill(1)))),
      message: /safety limit at byte \d+: rank may be at most 64/,
    },
    {
      name: 'shapes without end, in many lists',
      bytes: model(block(15, ...Array.from({ length: 65 }, () => int(3, 1)))),
      message: /safety limit at byte \d+: rank may be at most 64/,
    },
    {
      name: 'graphs without end, in one attribute',
      bytes: model(
        block(
          1,
          block(
            5,
            new Uint8Array(2 * LIMITS.graphs).map((_, i) => (i % 2 ? 0 : 0x5a)),
          ),
        ),
      ),
      message: /safety limit at byte \d+: graphs may be at most/,
    },
    {
      name: 'external data that ends beyond any file',
      bytes: model(
        block(
          5,
          ...[block(8, 'w'), int(2, 1), int(1, 3), int(14, 1)],
          block(13, block(1, 'location'), block(2, 'w.bin')),
          block(13, block(1, 'offset'), block(2, String(Number.MAX_SAFE_INTEGER))),
        ),
      ),
      message: /“w” at byte 4 lies in another file, but the model does not say where/,
    },
    {
      name: 'a tensor without data',
      bytes: model(block(5, block(8, 'w'), int(2, 1), int(1, 3))),
      message: /“w” at byte 4 has no data/,
    },
    {
      name: 'external data without a place',
      bytes: model(block(5, block(8, 'w'), int(2, 1), int(1, 3), int(14, 1))),
      message: /“w” at byte 4 lies in another file, but the model does not say where/,
    },
    {
      name: 'external data of the wrong length',
      bytes: model(
        block(
          5,
          ...[block(8, 'w'), int(2, 1), int(1, 3), int(14, 1)],
          block(13, block(1, 'location'), block(2, 'w.bin')),
          block(13, block(1, 'length'), block(2, '16')),
        ),
      ),
      message: /“w” at byte 4 has 16 bytes of data/,
    },
    {
      name: 'external data at a negative offset',
      bytes: model(
        block(
          5,
          ...[block(8, 'w'), int(2, 1), int(1, 3), int(14, 1)],
          block(13, block(1, 'location'), block(2, 'w.bin')),
          block(13, block(1, 'offset'), block(2, '-8')),
        ),
      ),
      message: /“w” at byte 4 lies in another file, but the model does not say where/,
    },
    {
      name: 'an attribute without its value',
      bytes: model(block(1, block(5, block(1, 'value'), int(20, 4)))),
      message: /“value” at byte \d+ has no value/,
    },
  ];
  for (const { name, bytes, message } of damaged) {
    test(`refuses ${name}`, () => rejects(bytes, message));
  }

  test('notices that the file shrinks while it is read', async () => {
    const source = new MemorySource(fixture('parts.onnx'));
    const shrinking = {
      size: source.size,
      read: async (offset: number, length: number) =>
        (await source.read(offset, length)).subarray(0, 100),
    };
    await assert.rejects(readOnnx(shrinking, 'test.onnx'), /Only 100 of \d+ bytes could be read/);
  });

  for (const limit of Object.keys(LIMITS) as (keyof Limits)[]) {
    // What is too long to keep is left out, and calls are in `functionCalls.test.ts`.
    if (limit !== 'textBytes' && limit !== 'expandedNodes') {
      test(`keeps the limit ${limit}`, async () => {
        const limits: Limits = { ...LIMITS, [limit]: 0 };
        const packed = model(block(1, block(5, block(8, Uint8Array.of(1, 2)))));
        const bytes = limit === 'listBytes' ? packed : fixture('parts.onnx');
        const reading = readOnnx(new MemorySource(bytes), 'test.onnx', limits);
        await assert.rejects(reading, new RegExp(`safety limit at byte \\d+: ${limit} may be`));
      });
    }
  }

  test('leaves out texts that are too long to keep', async () => {
    const long = 'x'.repeat(LIMITS.textBytes + 1);
    const attribute = block(5, block(1, 'blob'), int(20, 3), block(4, long));
    const metadata = block(14, block(1, 'key'), block(2, long));
    const read = await readBytes(Buffer.concat([model(block(1, attribute)), metadata]));
    assert.equal(read.metadata.size, 0);
    assert.deepEqual(read.graph.nodes[0]?.attributes.get('blob'), { kind: 'other' });
  });

  test('refuses messages in messages without end, quickly', async () => {
    let nested: Uint8Array = block(2, 'innermost');
    for (let depth = 0; depth < 500; depth++) {
      nested = block(1, block(5, block(1, 'g'), block(6, nested)));
    }
    await rejects(model(nested), /safety limit at byte \d+: depth may be at most 100/);
  });
});

async function rejects(bytes: Uint8Array, message: RegExp): Promise<void> {
  await assert.rejects(readBytes(bytes), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.kind, 'model');
    assert.equal(error.where, 'test.onnx');
    assert.match(error.message, message);
    return true;
  });
}

/** A large file of which only some parts exist; the rest reads as zeros. */
class SparseSource {
  size = 0;
  bytesRead = 0;
  private readonly parts: { offset: number; bytes: Uint8Array }[] = [];

  add(bytes: Uint8Array): void {
    this.parts.push({ offset: this.size, bytes });
    this.size += bytes.length;
  }

  leaveGap(length: number): void {
    this.size += length;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    this.bytesRead += length;
    const result = new Uint8Array(length);
    for (const part of this.parts) {
      const from = Math.max(offset, part.offset);
      const to = Math.min(offset + length, part.offset + part.bytes.length);
      if (from < to) {
        result.set(part.bytes.subarray(from - part.offset, to - part.offset), from - offset);
      }
    }
    return Promise.resolve(result);
  }
}

// What follows writes a model down as make.py does.

interface GraphOutline {
  nodes: ReturnType<typeof nodeOutline>[];
}

function modelOutline(read: OnnxModel, file: Uint8Array) {
  return {
    irVersion: read.irVersion,
    producer: read.producer,
    opsets: Object.fromEntries(read.opsets),
    metadata: Object.fromEntries(read.metadata),
    graph: graphOutline(read.graph, file),
    functions: read.functions.map(({ domain, name, nodes }) => ({
      domain,
      name,
      nodes: nodes.map((node) => nodeOutline(node, file)),
    })),
  };
}

function graphOutline(graph: Graph, file: Uint8Array): GraphOutline {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => nodeOutline(node, file)),
    inputs: graph.inputs.map(valueOutline),
    outputs: graph.outputs.map(valueOutline),
    values: [...graph.values.values()].map(valueOutline),
    initializers: graph.initializers.map((tensor) => tensorOutline(tensor, file)),
    sparseInitializers: graph.sparseInitializers.map((sparse) => sparseOutline(sparse, file)),
  } as GraphOutline;
}

function nodeOutline({ attributes, metadata, ...node }: Node, file: Uint8Array) {
  return {
    ...node,
    attributes: Object.fromEntries(
      Array.from(attributes, ([name, attribute]) => [name, attributeOutline(attribute, file)]),
    ),
    namespace: metadata.get('namespace') ?? null,
  };
}

function attributeOutline(attribute: Attribute, file: Uint8Array): unknown {
  switch (attribute.kind) {
    case 'tensor':
      return tensorOutline(attribute.value, file);
    case 'tensors':
      return attribute.value.map((tensor) => tensorOutline(tensor, file));
    case 'graph':
      return graphOutline(attribute.value, file);
    case 'graphs':
      return attribute.value.map((graph) => graphOutline(graph, file));
    case 'sparse':
      return sparseOutline(attribute.value, file);
    case 'sparses':
      return attribute.value.map((sparse) => sparseOutline(sparse, file));
    case 'other':
      return null;
    default:
      return attribute.value;
  }
}

function valueOutline({ name, type }: ValueInfo) {
  return { name, ...type };
}

function tensorOutline({ data, ...tensor }: TensorRef, file: Uint8Array) {
  switch (data.kind) {
    case 'external':
      return { ...tensor, external: [data.location, data.offset, data.length] };
    case 'raw': {
      const bytes = file.subarray(data.span.offset, data.span.offset + data.span.length);
      return { ...tensor, sha1: createHash('sha1').update(bytes).digest('hex') };
    }
    default:
      return tensor;
  }
}

function sparseOutline({ values, indices, dims }: SparseTensorRef, file: Uint8Array) {
  return { values: tensorOutline(values, file), indices: tensorOutline(indices, file), dims };
}
