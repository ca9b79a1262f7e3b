import {
  MOST_FINDINGS,
  type CheckReport,
  type Finding,
  type FindingSeverity,
  type SkippedRule,
} from '../../shared/modelCheck';
import { Failure } from '../../shared/failure';
import type { CheckedModel, CheckRule, CheckWork, Found } from './rule';
import { unreadableFiles } from './unreadableFiles';

/** The worst first. */
const SEVERITIES: readonly FindingSeverity[] = ['error', 'warning', 'note'];

/** What rules say of the models of a folder, one after the other. */
export class RuleAnswers {
  private readonly findings = new Map<string, Map<string, Finding>>();
  private readonly skipped = new Map<string, SkippedRule>();

  constructor(private readonly rules: readonly CheckRule[]) {}

  /**
   * Puts all rules to one model. What two models of a folder have in common is told once. Weights that
   * a rule cannot read are told as such, and the other rules are asked.
   * @throws the signal's reason, and what no rule should throw.
   */
  async ask(model: CheckedModel, work: Omit<CheckWork, 'skip'>): Promise<void> {
    for (const rule of this.rules) {
      const { id } = rule;
      work.signal.throwIfAborted();
      const skip: CheckWork['skip'] = (reason, file) => {
        const skipped = { rule: id, reason, ...(file === undefined ? {} : { file }) };
        this.skipped.set(JSON.stringify(skipped), skipped);
      };
      try {
        this.add(id, await rule.check(model, { ...work, skip }));
      } catch (error) {
        const file = model.graphs[0]?.file;
        if (!(error instanceof Failure) || file === undefined) {
          throw error;
        }
        skip(error.what, error.where);
        const { what, remedy, where = file } = error;
        const place = { file: where };
        this.add(unreadableFiles.id, [{ severity: 'error', message: what, remedy, place }]);
      }
    }
  }

  private add(rule: string, found: readonly Found[]): void {
    const known = this.findings.get(rule) ?? new Map<string, Finding>();
    for (const one of found) {
      known.set(JSON.stringify(one), { rule, ...one });
    }
    this.findings.set(rule, known);
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
