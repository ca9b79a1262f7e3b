import * as path from 'node:path';
import { l10n } from 'vscode';
import type { ShownReport } from '../../../shared/inspector';
import type { CheckReport } from '../../../shared/modelCheck';
import type { Phrase } from '../../../shared/failure';
import { translate } from '../../messages';

/** What the check found, in the user's language. */
export function shownReport({ findings, more = [], passed, skipped }: CheckReport): ShownReport {
  return {
    findings: findings.map(({ rule, severity, message, remedy, place }) => ({
      rule,
      severity,
      message: sentence(message),
      remedy: sentence(remedy),
      where: [path.basename(place.file), place.tensor ?? place.node].filter(
        (name) => name !== undefined,
      ),
      ...(place.tensor === undefined && place.node === undefined ? {} : { place }),
    })),
    more: more.map((rest) => ({ rule: rest.rule, count: rest.findings })),
    passed,
    skipped: skipped.map(({ rule, reason, file }) => ({
      rule: file === undefined ? rule : `${rule} · ${path.basename(file)}`,
      reason: sentence(reason),
    })),
  };
}

function sentence(words: Phrase): string {
  const text = translate(words);
  return l10n.t('{0}.', text.slice(0, 1).toLocaleUpperCase() + text.slice(1));
}
