import {
  MOST_FINDINGS,
  type CheckReport,
  type Finding,
  type FindingSeverity,
  type SkippedRule,
} from '../../shared/modelCheck';
import type { CheckedModel, CheckRule, CheckWork } from './rule';

/** The worst first. */
const SEVERITIES: readonly FindingSeverity[] = ['error', 'warning', 'note'];

/** What rules say of the models of a folder, one after the other. */
export class RuleAnswers {
  private readonly findings = new Map<string, Map<string, Finding>>();
  private readonly skipped = new Map<string, SkippedRule>();

  constructor(private readonly rules: readonly CheckRule[]) {}

  /**
   * Puts all rules to one model. What two models of a folder have in common is told once.
   * @throws whatever a rule throws.
   */
  async ask(model: CheckedModel, work: Omit<CheckWork, 'skip'>): Promise<void> {
    for (const rule of this.rules) {
      const { id } = rule;
      work.signal.throwIfAborted();
      const found = await rule.check(model, {
        ...work,
        skip: (reason, file) => {
          const skipped = { rule: id, reason, ...(file === undefined ? {} : { file }) };
          this.skipped.set(JSON.stringify(skipped), skipped);
        },
      });
      const known = this.findings.get(id) ?? new Map<string, Finding>();
      for (const one of found) {
        known.set(JSON.stringify(one), { rule: id, ...one });
      }
      this.findings.set(id, known);
    }
  }

  /** What came of it. @param files the model files that were looked at. */
  report(files: readonly string[]): CheckReport {
    const found = this.rules.map(({ id }) =>
      [...(this.findings.get(id)?.values() ?? [])].sort(bySeverity),
    );
    const skipped = [...this.skipped.values()];
    const more = this.rules.flatMap(({ id }, index) => {
      const findings = (found[index]?.length ?? 0) - MOST_FINDINGS;
      return findings > 0 ? [{ rule: id, findings }] : [];
    });
    return {
      files: [...files],
      findings: found.flatMap((each) => each.slice(0, MOST_FINDINGS)).sort(bySeverity),
      ...(more.length === 0 ? {} : { more }),
      passed: this.rules
        .map(({ id }) => id)
        .filter(
          (id, index) => found[index]?.length === 0 && skipped.every(({ rule }) => rule !== id),
        ),
      skipped,
    };
  }
}

function bySeverity(a: Finding, b: Finding): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}
