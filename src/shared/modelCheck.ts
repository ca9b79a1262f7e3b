import type { Phrase } from './failure';

/** How much a finding matters: results are wrong or there are none; they may be; it could be better. */
export type FindingSeverity = 'error' | 'warning' | 'note';

/** Something about a model that whoever ships it should know. */
export interface Finding {
  /** Id of the rule, e.g. `weights/nan`. */
  rule: string;
  severity: FindingSeverity;
  /** What is found, a whole sentence. */
  message: Phrase;
  /** What to do, a whole sentence. */
  remedy: Phrase;
  place: FindingPlace;
}

/** Where it is. */
export interface FindingPlace {
  /** Path of the file. */
  file: string;
  tensor?: string;
  node?: string;
}

/** What all rules say of a model. */
export interface CheckReport {
  /** The worst first. */
  findings: Finding[];
  /** Ids of the rules that found nothing. */
  passed: string[];
  /** Rules that could not be asked, and why. */
  skipped: { rule: string; reason: Phrase }[];
}
