import { markdownCell, markdownText } from './markdownText';
import type { InspectedModel, InspectedWeights } from '../../shared/inspector';

/** What the overview says of a model, or what is known of weights, as a Markdown document in the language that it is in. */
export function inspectionMarkdown(about: InspectedModel | InspectedWeights): string {
  const { name, files, facts } = about;
  const rows = facts
    .flat()
    .map(
      ({ label, value, aside }) =>
        `| ${markdownCell(label)} | ${markdownCell(aside === undefined ? value : `${value} (${aside})`)} |`,
    );
  return [
    `# ${markdownText(name)}`,
    files.map((file) => `\`${file.replaceAll('`', '')}\``).join(', '),
    ...('lead' in about
      ? [
          about.lead.join(' '),
          ...about.unread.map((file) => markdownText(`${file.name}: ${file.message}`)),
        ]
      : []),
    ['| | |', '|---|---|', ...rows].join('\n'),
    '',
  ].join('\n\n');
}
