import { readFileSync, writeFileSync } from 'node:fs';
import { graphFields } from '../../../src/onnx/file/writeModel';
import type { NewNode } from '../../../src/onnx/graph/graphBuilder';
import { bindWeights } from '../../../src/weights/bindWeights';
import type { BoundParameter } from '../../../src/weights/parameters';
import type { FieldPlace } from '../../fuzz/messages';
import { block } from '../onnx/protobuf';
import { messageFields } from '../onnx/messageFields';
import { openModel } from '../weights/files';

/*
 * Bugs of the kinds that exporters, optimizers and quantizers make, written into ONNX files. The
 * weights stay as they are and keep their names, unless they are what is changed.
 */

/** Field numbers of onnx.proto. */
const GRAPH = 7;
const NODE = 1;
const [INPUT, OUTPUT, OPERATOR, ATTRIBUTE] = [1, 2, 4, 5];
const ATTRIBUTE_GRAPH = 6;
const NAME = 1;

/** A node of a graph or of a branch. */
interface NodePlace {
  opType: string;
  inputs: string[];
  outputs: string[];
  /** Names of the attributes that hold the graph, from the outside in: `then_branch`. */
  branch: string[];
  /** The same node with another input, as a field of its graph. */
  withInput: (index: number, name: string) => Uint8Array;
  /** The same node with another name for its first output. */
  withOutput: (name: string) => Uint8Array;
}

/** Every query looks at all keys alike, whatever the scores are. */
export function removeAttention(file: string, branch?: string): number {
  return rewriteNodes(file, (node, index) => {
    const [scores = ''] = node.inputs;
    const isThere = branch === undefined || node.branch.includes(branch);
    if (node.opType !== 'Softmax' || !isThere) {
      return undefined;
    }
    const level = `level.${index}`;
    return [
      graphFields({ nodes: [{ opType: 'Sub', inputs: [scores, scores], outputs: [level] }] }),
      node.withInput(0, level),
    ];
  });
}

/**
 * Attention's scores are multiplied by a number before they become probabilities.
 * @param dtype what the file computes them in.
 * @param factor from 1 up to 2; in float16 to three digits.
 * @param first the first Softmax in the file that is changed, from 0.
 */
export function multiplyScores(
  file: string,
  dtype: 'float16' | 'float32',
  factor: number,
  first = 0,
): number {
  const bytes = new Uint8Array(dtype === 'float16' ? 2 : 4);
  if (dtype === 'float16') {
    // Ten bits of fraction, behind the exponent of 1.
    new DataView(bytes.buffer).setUint16(0, 0x3c00 + Math.round((factor - 1) * 1024), true);
  } else {
    new DataView(bytes.buffer).setFloat32(0, factor, true);
  }
  let seen = 0;
  return rewriteNodes(file, (node, index) => {
    const [scores = ''] = node.inputs;
    if (node.opType !== 'Softmax' || seen++ < first) {
      return undefined;
    }
    const [value, scaled] = [`factor.${index}`, `scaled.${index}`];
    const nodes: NewNode[] = [
      {
        opType: 'Constant',
        inputs: [],
        outputs: [value],
        attributes: { value: { kind: 'tensor', value: { dtype, dims: [], bytes } } },
      },
      { opType: 'Mul', inputs: [scores, value], outputs: [scaled] },
    ];
    return [graphFields({ nodes }), node.withInput(0, scaled)];
  });
}

/**
 * A bias is not added for the first head.
 * @param bias the end of its name.
 */
export async function dropHeadBias(file: string, bias: string, heads: number): Promise<number> {
  const parameter = await parameterOf(file, bias);
  const { dtype, dims } = parameter.tensor;
  const [width = 0] = dims;
  const bytes = new Uint8Array(width * (dtype === 'float16' ? 2 : 4));
  const ones = new DataView(bytes.buffer);
  for (let i = width / heads; i < width; i++) {
    if (dtype === 'float16') {
      ones.setUint16(2 * i, 0x3c00, true);
    } else {
      ones.setFloat32(4 * i, 1, true);
    }
  }
  return rewriteNodes(file, (node, index) => {
    const at = node.inputs.indexOf(parameter.tensor.name);
    if (at < 0) {
      return undefined;
    }
    const [others, rest] = [`others.${index}`, `rest.${index}`];
    const nodes: NewNode[] = [
      {
        opType: 'Constant',
        inputs: [],
        outputs: [others],
        attributes: { value: { kind: 'tensor', value: { dtype, dims, bytes } } },
      },
      { opType: 'Mul', inputs: [parameter.tensor.name, others], outputs: [rest] },
    ];
    return [graphFields({ nodes }), node.withInput(at, rest)];
  });
}

/** Keys of earlier tokens are put behind those of new ones, and values before them. */
export function swapCachedKeys(file: string): number {
  return rewriteNodes(file, (node) => {
    const [past = '', fresh = ''] = node.inputs;
    const isGrowing = node.opType === 'Concat' && fresh !== '';
    if (!isGrowing || !/^past_key_values\.\d+\.key$/.test(past)) {
      return undefined;
    }
    const turned = node.withInput(0, fresh);
    return [withName(turned, INPUT, 1, past)];
  });
}

/** The keys of a step are right where it uses them, and zeros where they are kept for the next one. */
export function forgetCachedKeys(file: string): number {
  const isKept = (name = ''): boolean => /^present\.\d+\.(decoder\.)?key$/.test(name);
  return rewriteNodes(file, (node) => {
    const [output = ''] = node.outputs;
    if (isKept(output)) {
      const used = `used.${output}`;
      const zeros = { opType: 'Sub', inputs: [used, used], outputs: [output] };
      return [node.withOutput(used), graphFields({ nodes: [zeros] })];
    }
    const index = node.inputs.findIndex(isKept);
    return index < 0 ? undefined : [node.withInput(index, `used.${node.inputs[index] ?? ''}`)];
  });
}

/**
 * Changes elements of a tensor where they lie in the file.
 * @param name the end of the parameter's name.
 * @param of what of it: its own elements, or its scales.
 */
export async function changeNumbers(
  file: string,
  name: string,
  of: 'elements' | 'scale',
  change: (value: number, index: number) => number,
): Promise<void> {
  const parameter = await parameterOf(file, name);
  const tensor = of === 'scale' ? parameter.quantization?.scale : parameter.tensor;
  const spans =
    tensor?.data.kind === 'raw'
      ? [tensor.data.span]
      : tensor?.data.kind === 'typed'
        ? tensor.data.spans
        : [];
  const [span, ...more] = spans;
  if (span === undefined || more.length > 0 || !/^float(32|16)$/.test(tensor?.dtype ?? '')) {
    throw new Error(`${name} has no numbers that can be changed in place`);
  }
  const bytes = readFileSync(file);
  const { offset, length } = span;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length);
  if (tensor?.dtype === 'float32') {
    for (let i = 0; i < length / 4; i++) {
      view.setFloat32(4 * i, change(view.getFloat32(4 * i, true), i), true);
    }
  } else {
    // The numbers next to one of float16 have the bits next to its own.
    for (let i = 0; i < length / 2; i++) {
      const isChanged = change(1, i) !== 1;
      view.setUint16(2 * i, view.getUint16(2 * i, true) + (isChanged ? 64 : 0), true);
    }
  }
  writeFileSync(file, bytes);
}

async function parameterOf(file: string, name: string): Promise<BoundParameter> {
  const { model } = await openModel(file);
  const found = [...bindWeights(model).parameters.values()].find((each) =>
    each.name.endsWith(name),
  );
  if (found === undefined) {
    throw new Error(`${file} has no parameter ${name}`);
  }
  return found;
}

/**
 * Writes other nodes into a file in the place of some.
 * @param change gives the fields of the graph that stand for a node; undefined leaves it as it is.
 * @returns how many nodes were changed.
 */
function rewriteNodes(
  file: string,
  change: (node: NodePlace, index: number) => Uint8Array[] | undefined,
): number {
  const bytes = readFileSync(file);
  let changed = 0;
  const ofGraph = (start: number, end: number, branch: string[]): Uint8Array[] =>
    messageFields(bytes, start, end).flatMap((field) => {
      if (field.number !== NODE) {
        return [field.whole];
      }
      const node = placeOf(bytes, field, branch);
      const replaced = change(node, changed);
      if (replaced !== undefined) {
        changed += 1;
        return replaced;
      }
      return [block(NODE, ...ofNode(field, branch))];
    });
  const ofNode = ({ start, end }: FieldPlace, branch: string[]): Uint8Array[] =>
    messageFields(bytes, start, end).map((field) => {
      if (field.number !== ATTRIBUTE) {
        return field.whole;
      }
      const parts = messageFields(bytes, field.start, field.end);
      const name = parts.find(({ number }) => number === NAME);
      const inner = [...branch, name === undefined ? '' : textOf(bytes, name)];
      return parts.some(({ number }) => number === ATTRIBUTE_GRAPH)
        ? block(
            ATTRIBUTE,
            ...parts.map((part) =>
              part.number === ATTRIBUTE_GRAPH
                ? block(ATTRIBUTE_GRAPH, ...ofGraph(part.start, part.end, inner))
                : part.whole,
            ),
          )
        : field.whole;
    });
  const whole = messageFields(bytes, 0, bytes.length).map((field) =>
    field.number === GRAPH ? block(GRAPH, ...ofGraph(field.start, field.end, [])) : field.whole,
  );
  writeFileSync(file, Buffer.concat(whole));
  return changed;
}

function placeOf(bytes: Uint8Array, field: FieldPlace, branch: string[]): NodePlace {
  const fields = messageFields(bytes, field.start, field.end);
  const operator = fields.find(({ number }) => number === OPERATOR);
  return {
    opType: operator === undefined ? '' : textOf(bytes, operator),
    inputs: fields.filter(({ number }) => number === INPUT).map((each) => textOf(bytes, each)),
    outputs: fields.filter(({ number }) => number === OUTPUT).map((each) => textOf(bytes, each)),
    branch,
    withInput: (index, name) => withName(bytes.subarray(field.at, field.end), INPUT, index, name),
    withOutput: (name) => withName(bytes.subarray(field.at, field.end), OUTPUT, 0, name),
  };
}

/** A node, as a field of its graph, with another name for an input or output. */
function withName(node: Uint8Array, of: number, index: number, name: string): Uint8Array {
  const [outer] = messageFields(node, 0, node.length);
  if (outer === undefined) {
    throw new Error('no node');
  }
  let at = -1;
  return block(
    NODE,
    ...messageFields(node, outer.start, outer.end).map((field) => {
      at += Number(field.number === of);
      return field.number === of && at === index ? block(of, name) : field.whole;
    }),
  );
}

function textOf(bytes: Uint8Array, { start, end }: FieldPlace): string {
  return Buffer.from(bytes.subarray(start, end)).toString();
}
