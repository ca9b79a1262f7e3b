import type { Treatment } from '../../../src/library/generationSettings';
import { markdownTable } from '../markdownTable';

/** The section of docs/support.md on the settings of `generate`. */
export function settingsSection(treatments: readonly (readonly [string, Treatment])[]): string {
  const lines = treatments.map(([name, treatment]) => [`\`${name}\``, meaning(treatment)]);
  return `${HEAD}\n\n${markdownTable(['Setting', 'What Headlight does'], lines)}\n`;
}

function meaning(treatment: Treatment): string {
  switch (treatment.does) {
    case 'honoured':
      return treatment.except === undefined
        ? 'as `generate`'
        : `as \`generate\` for one text; ${treatment.except}`;
    case 'nothing':
      return `no difference: ${treatment.because}`;
    case 'leftOut':
      return 'left out; a result that it would change says so';
  }
}

const HEAD = `## Generation settings

<!-- Made by test/unit/engine/generation/settings.test.ts, which fails if this section is not what it
     finds. UPDATE_SUPPORT=1 npm run test:unit -- engine/generation/settings rewrites it. -->

Every field of \`GenerationConfig\` of \`transformers\` 5.18, as it may stand in a model's
\`generation_config.json\`; in \`config.json\`, where there is no such file; or there under the task in
\`task_specific_params\`. For each that is called honoured a test has had the same tokens or
probabilities as \`generate\`. A value that makes no sense is left out, and a result that it concerns
says so. Without \`max_length\` a translation or summary may be as long as the model can see, where
\`generate\` stops at 20 tokens.`;
