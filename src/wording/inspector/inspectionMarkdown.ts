import type { InspectedModel } from '../../shared/inspector';

/** What the overview says of a model, as a Markdown document in the language that it is in. */
export function inspectionMarkdown({ name, files, lead, unread, facts }: InspectedModel): string {
  const rows = facts
    .flat()
    .map(
      ({ label, value, aside }) =>
        `| ${cell(label)} | ${cell(aside === undefined ? value : `${value} (${aside})`)} |`,
    );
  return [
    `# ${escaped(name)}`,
    files.map((file) => `\`${file.replaceAll('`', '')}\``).join(', '),
    lead.join(' '),
    ...unread.map((file) => escaped(`${file.name}: ${file.message}`)),
    ['| | |', '|---|---|', ...rows].join('\n'),
    '',
  ].join('\n\n');
}

function cell(text: string): string {
  return escaped(text).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]#]/g, '\\$&');
}
