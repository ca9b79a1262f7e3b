import { byteSize } from '../../shared/byteSize';
import { phrase, type Phrase } from '../../shared/failure';
import type { ModelAbout } from '../../shared/modelAbout';
import type { ModelOutline } from '../../shared/modelOutline';
import type { Task } from '../../shared/modelSummary';
import { problemWords, quantizationWords } from '../outlineWords';
import { percent } from '../../shared/percent';
import { layersOf } from './layerCounts';

/** A line of the table of facts, before it is translated; names and figures are texts as they are. */
export interface FactWords {
  /** Empty where the line goes on with the one above. */
  label: Phrase | string;
  value: Phrase | string;
  aside?: Phrase | string;
  below?: 'dtypes' | 'card';
  isProblem?: boolean;
}

/**
 * What is known of a model, in groups.
 * @param languageName the name of a language by its BCP 47 tag.
 * @param language that numbers are written in, a BCP 47 tag.
 */
export function factWords(
  about: ModelAbout,
  outline: ModelOutline,
  languageName: (tag: string) => string,
  language: string,
): FactWords[][] {
  const figure = (value: number): string => value.toLocaleString(language);
  return [
    [...familyFacts(about, languageName), ...sizeFacts(outline, figure)],
    textFacts(about, figure),
    [...storageFacts(outline, figure, language), ...originFacts(outline)],
    [...runFacts(outline), ...licenceFacts(about)],
  ].filter((group) => group.length > 0);
}

function familyFacts(
  { family, className, task, languages }: ModelAbout,
  languageName: (tag: string) => string,
): FactWords[] {
  return [
    ...(family === undefined
      ? []
      : [
          {
            label: phrase('Family'),
            value: family,
            ...(className === undefined ? {} : { aside: className }),
          },
        ]),
    ...(task === undefined
      ? []
      : [
          {
            label: phrase('Task'),
            value:
              languages === undefined
                ? taskWords(task)
                : phrase(
                    '{0}, {1} → {2}',
                    taskWords(task),
                    languageName(languages.source),
                    languageName(languages.target),
                  ),
          },
        ]),
  ];
}

function taskWords(task: Task): Phrase {
  switch (task) {
    case 'complete':
      return phrase('Text generation');
    case 'translate':
      return phrase('Translation');
    case 'summarize':
      return phrase('Summarization');
    case 'fillMask':
      return phrase('Fill-mask');
  }
}

function sizeFacts(outline: ModelOutline, figure: (value: number) => string): FactWords[] {
  const { encoder, decoder, crossing } = layersOf(outline);
  const copies = outline.repeated.reduce(
    (sum, { parameters, places }) => sum + parameters * (places.length - 1),
    0,
  );
  const heads = new Set(
    outline.attention.flatMap(({ shape }) => (typeof shape?.[1] === 'number' ? [shape[1]] : [])),
  );
  return [
    {
      label: phrase('Parameters'),
      value: figure(outline.parameters),
      ...(copies === 0 ? {} : { aside: phrase('{0} stored', figure(outline.parameters + copies)) }),
    },
    {
      label: phrase('Layers'),
      value:
        encoder > 0 && decoder > 0
          ? phrase('{0} encoder, {1} decoder', encoder, decoder)
          : String(Math.max(encoder, decoder, crossing)),
    },
    ...(heads.size === 0
      ? []
      : [
          {
            label: phrase('Heads'),
            value:
              heads.size === 1
                ? phrase('{0} per attention', [...heads].join())
                : phrase('{0} per attention', [...heads].sort((a, b) => a - b).join('–')),
          },
        ]),
    {
      label: phrase('Attention'),
      value:
        outline.attention.length === 0
          ? (outline.withoutAttention?.what ?? phrase('none found'))
          : crossing > 0
            ? phrase('{0} sites, {1} of them cross-attention', outline.attention.length, crossing)
            : phrase('{0} sites', outline.attention.length),
    },
  ];
}

function textFacts(
  { vocabulary, context, tokenizer }: ModelAbout,
  figure: (value: number) => string,
): FactWords[] {
  return [
    ...(vocabulary === undefined
      ? []
      : [{ label: phrase('Vocabulary'), value: phrase('{0} tokens', figure(vocabulary)) }]),
    ...(tokenizer === undefined
      ? []
      : [
          {
            label: phrase('Tokenizer'),
            value: tokenizer.algorithm,
            ...(tokenizer.tokens === vocabulary
              ? {}
              : { aside: phrase('{0} tokens', figure(tokenizer.tokens)) }),
          },
        ]),
    ...(context === undefined
      ? []
      : [{ label: phrase('Context'), value: phrase('{0} tokens', figure(context)) }]),
  ];
}

function storageFacts(
  { dtypes, size, quantization, parameters, parts }: ModelOutline,
  figure: (value: number) => string,
  language: string,
): FactWords[] {
  const shares = dtypes.map(
    (one) =>
      `${percent(one.parameters / Math.max(1, parameters), language, { maximumFractionDigits: 0 })} ${one.dtype}`,
  );
  const whole = byteSize(size.file + size.external);
  return [
    ...(shares.length === 0
      ? []
      : [{ label: phrase('Stored as'), value: shares.join(', '), below: 'dtypes' as const }]),
    ...quantizationWords(quantization).map((value, index) => ({
      label: index === 0 ? phrase('Quantization') : '',
      value,
    })),
    {
      label: phrase('Size'),
      value: parts === undefined ? whole : phrase('{0} in {1} files', whole, figure(parts.length)),
      ...(size.external === 0
        ? {}
        : { aside: phrase('{0} of it beside the graph', byteSize(size.external)) }),
    },
  ];
}

function originFacts({ producer, irVersion, opsets, shapes }: ModelOutline): FactWords[] {
  const sets = opsets.map(({ domain, version }) => `${domain} ${version}`).join(', ');
  return [
    ...(producer === '' ? [] : [{ label: phrase('Made by'), value: producer }]),
    { label: phrase('Operator sets'), value: sets, aside: phrase('IR {0}', irVersion) },
    {
      label: phrase('Shapes'),
      value: phrase(
        '{0} of {1} values known',
        shapes.known.toLocaleString('en'),
        shapes.values.toLocaleString('en'),
      ),
    },
  ];
}

function runFacts({ compatibility: { runtime, problems, refused } }: ModelOutline): FactWords[] {
  const runs = problems.length === 0 && refused === undefined;
  return [
    {
      label: phrase('Runs here'),
      value: runs ? phrase('yes, {0}', runtime) : phrase('no, {0}', runtime),
      isProblem: !runs,
    },
    ...problems.map((problem) => ({
      label: phrase('Reason'),
      value: problem.kind === 'weights' ? problem.lack.what : problemWords(problem),
      isProblem: true,
    })),
    ...(refused === undefined
      ? []
      : [{ label: phrase('Reason'), value: refused.what, isProblem: true }]),
  ];
}

function licenceFacts({ licence, card }: ModelAbout): FactWords[] {
  if (licence === undefined && card === undefined) {
    return [];
  }
  return [
    {
      label: phrase('Licence'),
      value: licence ?? phrase('not named'),
      ...(card === undefined ? {} : { below: 'card' as const }),
    },
  ];
}
