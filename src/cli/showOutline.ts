import type {
  AttentionOutline,
  ModelOutline,
  ValueOutline,
  CompatibilityProblem,
  ConstantKind,
} from '../shared/modelOutline';
import { Failure, inEnglish } from '../shared/failure';
import type { ModelStack } from '../shared/modelStack';
import { problemWords, quantizationWords } from '../wording/outlineWords';
import { stackWords } from '../wording/inspector/stackWords';
import { byteSize } from '../shared/byteSize';
import { alignColumns } from './columns';
import { moduleLines } from './showModules';
import { repeatedLines } from './showRepeated';

/** A model's outline, and how its stacks are built, as lines for people. */
export function outlineLines(model: ModelOutline, stacks: readonly ModelStack[] = []): string[] {
  const { file, producer, irVersion, opsets, inputs, outputs, operators, attention } = model;
  const modules = moduleLines(model.modules);
  return [
    file,
    entry('producer', [`${producer || 'unknown'}, IR ${irVersion}`]),
    entry('operators', [opsets.map(({ domain, version }) => `${domain} ${version}`).join(', ')]),
    entry('parameters', [model.parameters.toLocaleString('en'), ...dtypeLines(model)]),
    entry('copies', repeatedLines(model)),
    entry('constants', constantLines(model)),
    entry('size', [sizeLine(model)]),
    entry('weights', quantizationWords(model.quantization).map(inEnglish)),
    entry('runtime', runtimeLines(model)),
    entry('shapes', [shapeLine(model)]),
    entry('stack', stacks.flatMap(stackWords).map(inEnglish)),
    list('inputs', alignColumns(inputs.map(value))),
    list('outputs', alignColumns(outputs.map(value))),
    modules.length === 0 ? [] : list('modules', modules),
    list(
      'nodes',
      operators.map(({ name, count }) => `${String(count).padStart(5)} × ${name}`),
    ),
    list(`attention layers  ${attention.length}`, [
      ...alignColumns(attention.map(site)),
      ...withoutLines(model),
    ]),
  ].flat();
}

/** A heading, and one line or more beside it. */
function entry(heading: string, content: readonly string[]): string[] {
  return content.map((line, index) => `  ${(index === 0 ? heading : '').padEnd(12)}${line}`);
}

/** A heading, and lines below it. */
function list(heading: string, content: readonly string[]): string[] {
  return [`  ${heading}`, ...content.map((line) => `    ${line}`)];
}

function dtypeLines({ dtypes }: ModelOutline): string[] {
  return alignColumns(
    dtypes.map(({ dtype, parameters, bytes: size, tensors }) => [
      dtype,
      `${parameters.toLocaleString('en')} in ${tensors} ${tensors === 1 ? 'tensor' : 'tensors'}, ${byteSize(size)}`,
    ]),
  );
}

function constantLines({ constants }: ModelOutline): string[] {
  return alignColumns(
    constants.map(({ kind, elements, bytes: size, tensors }) => [
      CONSTANT_WORDS[kind],
      `${elements.toLocaleString('en')} in ${tensors} ${tensors === 1 ? 'tensor' : 'tensors'}, ${byteSize(size)}`,
    ]),
  );
}

const CONSTANT_WORDS: Readonly<Record<ConstantKind, string>> = {
  scale: 'scales and zero points',
  integer: 'integers and truth values',
  buffer: 'buffers',
  angle: 'angles of positions',
  mask: 'masks',
  number: 'single numbers',
};

function sizeLine({ size }: ModelOutline): string {
  const disk =
    size.external === 0
      ? `${byteSize(size.file)} on disk`
      : `${byteSize(size.file + size.external)} on disk, ${byteSize(size.external)} of it in other files`;
  return `${disk}; at least ${byteSize(size.memory)} in memory`;
}

function runtimeLines({ compatibility: { runtime, problems, refused } }: ModelOutline): string[] {
  const verdict =
    problems.length > 0
      ? `${runtime} cannot run it`
      : refused === undefined
        ? `${runtime} can run it`
        : 'Headlight does not run it';
  return [
    verdict,
    ...problems.map(problemLine),
    ...(refused === undefined ? [] : [new Failure(refused).message]),
  ];
}

function problemLine(problem: CompatibilityProblem): string {
  return problem.kind === 'weights'
    ? new Failure(problem.lack).message
    : inEnglish(problemWords(problem));
}

function shapeLine({ shapes: { known, values } }: ModelOutline): string {
  return known === values
    ? `known for all ${values.toLocaleString('en')} values`
    : `known for ${known.toLocaleString('en')} of ${values.toLocaleString('en')} values`;
}

function value({ name, dtype = '?', shape }: ValueOutline): string[] {
  return [name, dtype, shape === undefined ? '' : sizes(shape)];
}

function site({ id, kind, shape }: AttentionOutline): string[] {
  return [id, kind, shape === undefined ? '' : sizes(shape)];
}

function sizes(shape: readonly (number | string | null)[]): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}

/** Why no attention can be shown, and what to do about it. */
function withoutLines({ withoutAttention }: ModelOutline): string[] {
  return withoutAttention === undefined
    ? []
    : [inEnglish(withoutAttention.what), inEnglish(withoutAttention.remedy)];
}
