import * as path from 'node:path';
import type { ShownReport } from '../../shared/inspector';
import type { CheckReport } from '../../shared/modelCheck';
import { translate } from '../messages';

/** What the check found, in the user's language. */
export function shownReport({ findings, passed, skipped }: CheckReport): ShownReport {
  return {
    findings: findings.map(({ rule, severity, message, remedy, place }) => ({
      rule,
      severity,
      message: translate(message),
      remedy: translate(remedy),
      where: [path.basename(place.file), place.tensor ?? place.node].filter(
        (name) => name !== undefined,
      ),
    })),
    passed: passed.length,
    skipped: skipped.map(({ rule, reason }) => ({ rule, reason: translate(reason) })),
  };
}
