import { FAMILIES, type ModelExport, type Part } from './families';
import { markdownTable } from '../markdownTable';
import type { Feature } from './familyFeatures';

/** A line of the table: an export, and what its cell says of each feature. */
export interface Row {
  one: ModelExport;
  /** By the heading of the feature. */
  cells: ReadonlyMap<string, string>;
}

/** Something that does not work, and why. */
export interface Limitation {
  /** Ids of exports. */
  exports: readonly string[];
  /** Heading of the feature. */
  feature: string;
  reason: string;
}

/** What stands in the place of a feature that does not work; its reason is a note below. */
export function failedCell(note: number): string {
  return `✗ (${note})`;
}

const PART_NAMES: Record<Part, string> = {
  model: 'model',
  encoder_model: 'encoder',
  decoder_model: 'decoder',
  decoder_with_past_model: 'with past',
  decoder_model_merged: 'merged',
};

const EXPORTERS = {
  torchscript: 'TorchScript',
  dynamo: 'dynamo',
  optimum: 'Optimum',
  transformers: 'transformers',
  builder: 'GenAI builder',
} as const;

/** The text of docs/support.md, formatted as Prettier formats it. */
export function supportPage(
  features: readonly Feature[],
  rows: readonly Row[],
  limitations: readonly Limitation[],
): string {
  const headings = ['Family', 'Export', 'Form', 'Files', ...features.map(({ heading }) => heading)];
  const lines = rows.map(({ one, cells }) => [
    FAMILIES[one.family],
    `${EXPORTERS[one.exporter]}, ${one.attention}`,
    form(one),
    Array.from(one.files.keys(), (part) => PART_NAMES[part]).join(', '),
    ...features.map(({ heading }) => cells.get(heading) ?? ''),
  ]);
  const meanings = features.map(({ heading, meaning }) => `- **${heading}**: ${meaning}.`);
  const notes = limitations.map(({ reason }, index) => `${index + 1}. ${reason}`);
  return [HEAD, meanings.join('\n'), markdownTable(headings, lines), notes.join('\n')]
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('\n');
}

const HEAD = `# Models that Headlight understands

<!-- Made by test/unit/onnx/attention/exportedFamilies.test.ts, which fails if this page is not what it finds.
     UPDATE_SUPPORT=1 npm run test:unit -- families rewrites it. -->

Each line is a small model of random weights in the folder \`test/fixtures/families\`, exported with
one of PyTorch's two exporters and one implementation of attention, and what the tests find for it.
What is optimized has gone through ONNX Runtime's optimizer for Transformers, which puts one operator
in the place of several: all of the attention in BERT, but in GPT-2 as \`transformers\` writes it
today only what lies between. What Optimum and the exporter of \`transformers\` write is as they leave
it. GenAI builder is the model builder of ONNX Runtime GenAI, whose graphs have attention and its cache
in one operator, \`GroupQueryAttention\` (gqa). A merged decoder chooses by an \`If\` between starting
and going on. A difference may be up to ten times as large on another processor.`;

function form({ precision, isCached, isExternal, isOptimized }: ModelExport): string {
  return [
    precision,
    ...(isCached ? ['cache'] : []),
    ...(isExternal ? ['external data'] : []),
    ...(isOptimized ? ['optimized'] : []),
  ].join(', ');
}

const DIFFERENCE = /≤ (\d[\d.e-]*)/g;

/**
 * Whether two pages say the same, apart from differences that are off by a factor of up to ten,
 * which depend on the order in which a processor sums.
 */
export function saysTheSame(page: string, other: string): boolean {
  const [these, those] = [differencesIn(page), differencesIn(other)];
  return (
    withoutDifferences(page) === withoutDifferences(other) &&
    these.every((one, index) => {
      // In powers of ten, with room for the rounding of the logarithm.
      const apart = Math.log10(one / (those[index] ?? NaN));
      return Math.abs(apart) < 1.01;
    })
  );
}

function differencesIn(page: string): number[] {
  return Array.from(page.matchAll(DIFFERENCE), ([, difference]) => Number(difference));
}

/** Spaces and rules vary with the length of what is left out. */
function withoutDifferences(page: string): string {
  return page.replace(DIFFERENCE, '≤').replace(/ +|-+/g, (run) => run.charAt(0));
}
