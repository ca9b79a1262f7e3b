import path from 'node:path';
import { Failure, inEnglish } from '../shared/failure';
import type {
  BehaviourDiff,
  DiffedModel,
  DiffedNode,
  GraphDiff,
  ModelDiff,
  NodeChange,
  NotCompared,
  TensorDiff,
  TensorsDiff,
  ValueChange,
} from '../shared/modelDiff';
import { byteSize } from '../shared/byteSize';
import { tokenLabel, tokenLabels } from '../shared/tokenLabel';
import { percent } from '../shared/percent';
import { diffLead, replacedWords, unchangedWords } from '../wording/inspector/diffWords';
import { shortFigure } from '../shared/shortFigure';
import { alignColumns } from './columns';

/** Rows of each list that are shown; `--json` has all. */
const MOST_ROWS = 12;

/** How two models differ, as lines for people. */
export function diffLines(diff: ModelDiff): string[] {
  const { a, b, graphs, tensors, behaviour, onlyInA, onlyInB } = diff;
  return [
    ...alignColumns([modelCells('A', a), modelCells('B', b)]),
    '',
    ...diffLead(diff).map(inEnglish),
    ...onlyInA.map((file) => `only in A  ${file}`),
    ...onlyInB.map((file) => `only in B  ${file}`),
    ...(behaviour === undefined ? [] : ['', ...behaviourLines(behaviour)]),
    ...graphs.flatMap((graph) => ['', ...graphLines(graph, graphs.length > 1)]),
    '',
    ...tensorLines(tensors),
  ];
}

function modelCells(side: string, { path: given, bytes, nodes, dtypes }: DiffedModel): string[] {
  const types = dtypes.map(({ dtype }) => dtype).join(', ');
  return [side, given, byteSize(bytes), nodes === 0 ? '' : count(nodes, 'node'), types];
}

function behaviourLines(behaviour: BehaviourDiff | NotCompared): string[] {
  if ('lacking' in behaviour) {
    return ['text', `  not compared: ${new Failure(behaviour.lacking).message}`];
  }
  const { text, target, way, places, attention } = behaviour;
  const labels = tokenLabels(places.map(({ token }) => token));
  const measure = way === 'vectors' ? '1 − cosine' : 'nats';
  const rows = places.map(({ divergence, top }, index) => [
    labels[index] ?? '',
    shortFigure(divergence),
    ...(top === undefined
      ? []
      : [
          `A ${tokenLabel(top.a)} ${share(top.a.probability.a)}`,
          `B ${tokenLabel(top.b)} ${share(top.b.probability.b)}`,
        ]),
  ]);
  return [
    `text       ${JSON.stringify(text)}`,
    ...(target === undefined ? [] : [`target     ${JSON.stringify(target)}`]),
    `  ${WAYS[way]} (${measure})`,
    ...indented(alignColumns(rows)),
    ...attentionLines(attention),
  ];
}

const WAYS: Record<BehaviourDiff['way'], string> = {
  next: 'how far the prediction behind each token moves, and what is likeliest there',
  masked: 'how far the prediction for each token, masked, moves, and what is likeliest there',
  vectors: 'how far the vector of each token is turned',
};

function attentionLines(attention: BehaviourDiff['attention']): string[] {
  if ('lacking' in attention) {
    return [`attention  not compared: ${new Failure(attention.lacking).message}`];
  }
  return [
    'attention  share that goes to other tokens, by layer and head',
    ...indented(
      alignColumns(
        attention.map(({ site, heads }) => [site, ...heads.map((moved) => share(moved))]),
      ),
    ),
  ];
}

function graphLines(graph: GraphDiff, isNamed: boolean): string[] {
  const { nodes, operators, modules, producer, opsets } = graph;
  const { changed, onlyInA, onlyInB } = nodes.counts;
  const head = [
    `${count(nodes.same, 'node')} the same`,
    ...(nodes.renamed > 0 ? [`${nodes.renamed.toLocaleString('en')} of them renamed`] : []),
    `${changed.toLocaleString('en')} changed`,
    `${onlyInA.toLocaleString('en')} only in A`,
    `${onlyInB.toLocaleString('en')} only in B`,
  ];
  const name = isNamed ? `  ${path.basename(graph.a)}, ${path.basename(graph.b)}` : '';
  return [
    `structure${name}`,
    `  ${head.join(', ')}`,
    ...(producer === undefined ? [] : [`  producer  ${producer.a} → ${producer.b}`]),
    ...opsets.map(({ domain, a, b }) => `  operators  ${domain} ${a ?? '–'} → ${b ?? '–'}`),
    ...valueLines('input', graph.inputs),
    ...valueLines('output', graph.outputs),
    ...indented(
      alignColumns(
        operators.map((each) => [
          each.name,
          String(each.a),
          '→',
          String(each.b),
          `${each.b > each.a ? '+' : '−'}${Math.abs(each.b - each.a)}`,
        ]),
      ),
    ),
    ...replacedWords(graph).map((words) => `  ${inEnglish(words)}`),
    ...unchangedWords(graph).map((words) => `  ${inEnglish(words)}`),
    ...some(modules.onlyInA, (module) => `  module only in A  ${module}`),
    ...some(modules.onlyInB, (module) => `  module only in B  ${module}`),
    ...some(nodes.changed, changeLine, changed),
    ...some(nodes.onlyInA, (node) => `  − ${nodeName(node)}`, onlyInA),
    ...some(nodes.onlyInB, (node) => `  + ${nodeName(node)}`, onlyInB),
  ];
}

function valueLines(kind: string, changes: readonly ValueChange[]): string[] {
  return some(changes, ({ name, a = '–', b = '–' }) => `  ${kind}  ${name}  ${a} → ${b}`);
}

function changeLine({ a, attributes, inputs }: NodeChange): string {
  const changes = [
    ...attributes.map(({ name, a: one = '–', b: other = '–' }) =>
      one === other ? `other numbers in ${name}` : `${name} ${one} → ${other}`,
    ),
    ...inputs.map((place) => `input ${place} from elsewhere`),
  ];
  return `  ~ ${nodeName(a)}: ${changes.join(', ')}`;
}

function nodeName({ name, operator }: DiffedNode): string {
  return name === '' ? operator : `${operator}  ${name}`;
}

function tensorLines({ equal, different, onlyInA, onlyInB }: TensorsDiff): string[] {
  const unread = different.filter(({ found }) => found.kind === 'unread').length;
  const rows = different.slice(0, MOST_ROWS).map(tensorCells);
  const head = ['', 'shape', 'relative error', 'signal to noise', 'cosine', 'largest'];
  return [
    `tensors    ${(different.length - unread).toLocaleString('en')} differ, ${equal.toLocaleString('en')} equal${
      unread === 0 ? '' : `, ${unread.toLocaleString('en')} not compared`
    }`,
    ...(rows.length === 0 ? [] : indented(alignColumns([head, ...rows]))),
    ...more(different.length, MOST_ROWS),
    ...some(onlyInA, ({ tensor }) => `  only in A  ${tensor}`),
    ...some(onlyInB, ({ tensor }) => `  only in B  ${tensor}`),
  ];
}

function tensorCells({ name, a, b, found }: TensorDiff): string[] {
  const shape = a.dims.join(' × ') || 'scalar';
  switch (found.kind) {
    case 'shapes':
      return [name, `${shape} → ${b.dims.join(' × ') || 'scalar'}`];
    case 'unread':
      return [name, shape, new Failure(found.failure).message];
    case 'numbers': {
      const { relative, signalToNoise, cosine, largest, notFinite } = found;
      return [
        name,
        shape,
        relative === undefined
          ? '–'
          : percent(relative, 'en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 }),
        signalToNoise === undefined ? '–' : `${signalToNoise.toFixed(1)} dB`,
        cosine === undefined ? '–' : cosine.toFixed(5),
        notFinite > 0
          ? `${count(notFinite, 'element')} not finite`
          : shortFigure(Math.abs(largest.a - largest.b)),
      ];
    }
  }
}

/** Lines of the first items of a list, and how many more there are. */
function some<T>(items: readonly T[], line: (item: T) => string, all = items.length): string[] {
  return [...items.slice(0, MOST_ROWS).map(line), ...more(all, MOST_ROWS)];
}

function more(all: number, shown: number): string[] {
  return all > shown ? [`  … ${(all - shown).toLocaleString('en')} more`] : [];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

function share(value: number): string {
  return percent(value, 'en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
