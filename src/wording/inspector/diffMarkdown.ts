import { phrase, type Phrase } from '../../shared/failure';
import type { BehaviourDiff, GraphDiff, ModelDiff, TensorDiff } from '../../shared/modelDiff';
import { tokenLabel } from '../../shared/tokenLabel';
import { markdownCell, markdownText } from './markdownText';
import { diffLead, replacedWords, unchangedWords } from './diffWords';
import { shortFigure } from '../../shared/shortFigure';

/** Tensors that are told, the worst first. */
const MOST_TENSORS = 20;

/**
 * How two models differ, as a Markdown document.
 * @param names how A and B are called.
 * @param translate puts a phrase into the language of the document.
 */
export function diffMarkdown(
  diff: ModelDiff,
  names: { a: string; b: string },
  translate: (words: Phrase) => string,
): string {
  const { graphs, tensors, behaviour } = diff;
  const isRun = behaviour !== undefined && !('lacking' in behaviour);
  return [
    `# ${markdownText(translate(phrase('{0} and {1} compared', names.a, names.b)))}`,
    `- A: ${markdownText(names.a)}\n- B: ${markdownText(names.b)}`,
    diffLead(diff).map(translate).join(' '),
    ...(isRun ? behaviourParts(behaviour, translate) : []),
    ...graphs.flatMap((graph) => graphParts(graph, translate)),
    ...tensorParts(tensors.different.slice(0, MOST_TENSORS), translate),
    '',
  ].join('\n\n');
}

function behaviourParts(
  { text, places }: BehaviourDiff,
  translate: (words: Phrase) => string,
): string[] {
  return [
    `> ${markdownText(text).replaceAll('\n', '\n> ')}`,
    table(
      [
        translate(phrase('Token')),
        translate(phrase('Divergence')),
        translate(phrase('Likeliest of A')),
        translate(phrase('Likeliest of B')),
      ],
      places.map(({ token, divergence, top }) => [
        tokenLabel(token),
        shortFigure(divergence),
        top === undefined ? '' : `${tokenLabel(top.a)} ${share(top.a.probability.a)}`,
        top === undefined ? '' : `${tokenLabel(top.b)} ${share(top.b.probability.b)}`,
      ]),
    ),
  ];
}

function graphParts(graph: GraphDiff, translate: (words: Phrase) => string): string[] {
  const { operators } = graph;
  return [
    ...[...replacedWords(graph), ...unchangedWords(graph)].map(translate),
    ...(operators.length === 0
      ? []
      : [
          table(
            [translate(phrase('Operator')), 'A', 'B'],
            operators.map(({ name, a, b }) => [name, String(a), String(b)]),
          ),
        ]),
  ];
}

function tensorParts(
  different: readonly TensorDiff[],
  translate: (words: Phrase) => string,
): string[] {
  const rows = different.flatMap(({ name, a, found }) => {
    if (found.kind !== 'numbers') {
      return [];
    }
    const { relative, signalToNoise, cosine } = found;
    return [
      [
        name,
        a.dims.join(' × '),
        relative === undefined ? '' : share(relative),
        signalToNoise === undefined ? '' : `${signalToNoise.toFixed(1)} dB`,
        cosine === undefined ? '' : cosine.toFixed(5),
      ],
    ];
  });
  const head = [
    phrase('Tensor'),
    phrase('Shape'),
    phrase('Relative error'),
    phrase('Signal to noise'),
    phrase('Cosine'),
  ].map(translate);
  return rows.length === 0 ? [] : [table(head, rows)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map(
      (cells) =>
        `| ${cells.map((cell) => (cell === '---' ? cell : markdownCell(cell))).join(' | ')} |`,
    )
    .join('\n');
}

function share(value: number): string {
  return `${Number((100 * value).toPrecision(3))}%`;
}
