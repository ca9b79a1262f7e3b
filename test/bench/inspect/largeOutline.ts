import { spawnSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createEngine } from '../../../src/engine/engine';
import { graphFields } from '../../../src/onnx/file/writeModel';
import { block, concatenate, integer } from '../../../src/onnx/file/wireWriter';

/*
 * What the outline of a file of 10 GB takes in an engine that is up: `describe` and `inspect`, the two that the
 * inspector waits for before it shows anything. Weights are holes of sparse files, which nothing may read; the bytes
 * that the process read are those that Linux counts (`rchar` of /proc/self/io). One file has its weights in itself,
 * which is more than protobuf's own libraries read; the other has them in a file beside it.
 */

/** How this program is told to be the process of the engine. */
const ALONE = '--outline';

const ROUNDS = 5;
const LAYERS = 64;
const WIDTH = 6250;
const MATRIX_BYTES = 4 * WIDTH * WIDTH;
const DATA = 'model.onnx_data';
const FIELD = { irVersion: 1, graph: 7, opset: 8, initializer: 5 } as const;
const TENSOR = { dim: 1, type: 2, name: 8, raw: 9, external: 13, location: 14 } as const;

/** Prints what each file takes; as the process of the engine, what it took. */
export async function reportLargeOutline(): Promise<void> {
  const [option, file] = process.argv.slice(2);
  if (option === ALONE && file !== undefined) {
    await outline(file);
    return;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headlight-bench-'));
  try {
    for (const isExternal of [false, true]) {
      const model = path.join(folder, isExternal ? 'external.onnx' : 'model.onnx');
      writeModel(model, isExternal);
      for (let round = 0; round < ROUNDS; round++) {
        const script = process.argv[1] ?? '';
        const { stdout, stderr } = spawnSync(process.execPath, [script, ALONE, model], {
          encoding: 'utf8',
        });
        console.log(
          `outline of ${((LAYERS * MATRIX_BYTES) / 1e9).toFixed(1)} GB, weights ${isExternal ? 'beside' : 'inside'}   ${stdout.trim()}${stderr.trim()}`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function outline(file: string): Promise<void> {
  const engine = createEngine(process.cwd(), () => undefined);
  const context = { signal: new AbortController().signal, report: () => undefined };
  const before = bytesRead();
  const start = performance.now();
  await engine.describe({ path: file }, context);
  const { outlines } = await engine.inspect({ path: file }, context);
  const ms = performance.now() - start;
  const read = (bytesRead() - before) / 1e6;
  const parameters = outlines[0]?.parameters ?? 0;
  console.log(
    `${ms.toFixed(0)} ms   ${read.toFixed(2)} MB read   ${(parameters / 1e9).toFixed(2)} billion parameters`,
  );
}

function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? NaN);
}

/** A chain of products, whose matrices are holes. */
function writeModel(file: string, isExternal: boolean): void {
  const nodes = Array.from({ length: LAYERS }, (_, layer) => ({
    opType: 'MatMul',
    name: `/model/layers.${layer}/proj/MatMul`,
    inputs: [layer === 0 ? 'x' : `h${layer - 1}`, nameOf(layer)],
    outputs: [layer === LAYERS - 1 ? 'y' : `h${layer}`],
  }));
  const graph = graphFields({
    nodes,
    initializers: [],
    inputs: [{ name: 'x', dtype: 'float32', shape: ['batch', WIDTH] }],
    outputs: ['y'],
  });
  const heads = Array.from({ length: LAYERS }, (_, layer) => tensorHead(layer, isExternal));
  const hole = isExternal ? 0 : MATRIX_BYTES;
  // The field of an initializer: its tag, its length, what stands before the hole, and the hole.
  const fields = heads.map((head) => ({
    head: concatenate([tag(FIELD.initializer), varint(head.length + hole), head]),
    size: 0,
  }));
  fields.forEach((field) => (field.size = field.head.length + hole));
  const inner = graph.length + fields.reduce((sum, { size }) => sum + size, 0);
  const start = concatenate([
    integer(FIELD.irVersion, 8),
    block(FIELD.opset, integer(2, 17)),
    tag(FIELD.graph),
    varint(inner),
    graph,
  ]);
  const handle = openSync(file, 'w');
  let at = writeSync(handle, start, 0, start.length, 0);
  for (const { head, size } of fields) {
    writeSync(handle, head, 0, head.length, at);
    at += size;
  }
  ftruncateSync(handle, at);
  closeSync(handle);
  if (isExternal) {
    const data = openSync(path.join(path.dirname(file), DATA), 'w');
    ftruncateSync(data, LAYERS * MATRIX_BYTES);
    closeSync(data);
  }
}

function nameOf(layer: number): string {
  return `model.layers.${layer}.proj.weight`;
}

/** A tensor up to its elements. */
function tensorHead(layer: number, isExternal: boolean): Uint8Array {
  const about = [
    integer(TENSOR.dim, WIDTH),
    integer(TENSOR.dim, WIDTH),
    integer(TENSOR.type, 1),
    block(TENSOR.name, nameOf(layer)),
  ];
  const place = {
    location: DATA,
    offset: `${layer * MATRIX_BYTES}`,
    length: `${MATRIX_BYTES}`,
  };
  return concatenate(
    isExternal
      ? [
          ...about,
          ...Object.entries(place).map(([key, value]) =>
            block(TENSOR.external, block(1, key), block(2, value)),
          ),
          integer(TENSOR.location, 1),
        ]
      : [...about, tag(TENSOR.raw), varint(MATRIX_BYTES)],
  );
}

/** The tag of a field of bytes. */
function tag(field: number): Uint8Array {
  return Uint8Array.of((field << 3) | 2);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    const isLast = rest < 128;
    bytes.push((rest % 128) | (isLast ? 0 : 128));
    if (isLast) {
      return Uint8Array.from(bytes);
    }
  }
}
