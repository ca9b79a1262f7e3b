import * as path from 'node:path';
import { l10n } from 'vscode';
import type { ShownReport } from '../../../shared/inspector';
import type { CheckReport, FindingPlace } from '../../../shared/modelCheck';
import type { Phrase } from '../../../shared/failure';
import { translate } from '../../messages';

/**
 * What the check found, in the user's language.
 * @param files those that the inspector shows: it can lead to what is in them alone.
 */
export function shownReport(
  { findings, more = [], passed, skipped }: CheckReport,
  files: ReadonlySet<string>,
): ShownReport {
  return {
    findings: findings.map(({ rule, severity, message, remedy, place }) => ({
      rule,
      severity,
      message: sentence(message),
      remedy: sentence(remedy),
      where: [path.basename(place.file), place.tensor ?? place.value ?? place.node].filter(
        (name) => name !== undefined,
      ),
      ...(isShown(place, files) ? { place } : {}),
    })),
    more: more.map((rest) => ({ rule: rest.rule, count: rest.findings })),
    passed,
    skipped: skipped.map(({ rule, reason, file }) => ({
      rule: file === undefined ? rule : `${rule} · ${path.basename(file)}`,
      reason: sentence(reason),
    })),
  };
}

function isShown({ file, ...place }: FindingPlace, files: ReadonlySet<string>): boolean {
  return files.has(file) && Object.keys(place).length > 0;
}

function sentence(words: Phrase): string {
  const text = translate(words);
  return l10n.t('{0}.', text.slice(0, 1).toLocaleUpperCase() + text.slice(1));
}
