import path from 'node:path';
import { inEnglish, type Phrase } from '../shared/failure';
import type { CheckReport, Finding, SkippedRule } from '../shared/modelCheck';

/** Columns that the longest severity, and what parts it from the text, take. */
const INDENT = 'warning'.length + 2;

/** What was found in a model, as lines for people: severity, message, remedy, rule and place. */
export function checkLines({ files, findings, more = [], passed, skipped }: CheckReport): string[] {
  return [
    ...files,
    '',
    ...findings.flatMap((finding) => [...findingLines(finding), '']),
    ...more.map(({ rule, findings: count }) => `${rule}: ${count} more`),
    ...skippedLines(skipped),
    `${findings.length === 0 ? 'no findings' : counted(findings)} · ${passed.length} rules passed`,
  ];
}

function findingLines({ rule, severity, message, remedy, place }: Finding): string[] {
  const { file, tensor = '', value = '', node = '' } = place;
  const where = [path.basename(file), tensor, value, node].filter((part) => part !== '').map(cut);
  return [
    severity.padEnd(INDENT) + sentence(message),
    ...[sentence(remedy), [rule, ...where].join(' · ')].map((line) => ' '.repeat(INDENT) + line),
  ];
}

/** Rules that were not asked, those with one reason together. */
function skippedLines(skipped: readonly SkippedRule[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { rule, reason, file } of skipped) {
    const of = file === undefined ? '' : ` of ${path.basename(file)}`;
    const why = `not asked${of}: ${inEnglish(reason)}`;
    byReason.set(why, [...(byReason.get(why) ?? []), rule]);
  }
  return Array.from(byReason, ([why, rules]) => `${why} (${rules.join(', ')})`);
}

/** Files may hold names of megabytes; long ones have some hundred characters. */
const MOST_CHARACTERS = 200;

function cut(name: string): string {
  return name.length > MOST_CHARACTERS ? `${name.slice(0, MOST_CHARACTERS)}…` : name;
}

function counted(findings: readonly Finding[]): string {
  return `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
}

/** A phrase with a capital letter, unless it begins with the name of a file, and a full stop. */
function sentence(words: Phrase): string {
  const text = inEnglish(words);
  const first = /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() : text.charAt(0);
  return `${first}${text.slice(1)}.`;
}
