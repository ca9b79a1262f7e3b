import type { Phrase } from './failure';

/** How much a finding matters: results are wrong or there are none; they may be; it could be better. */
export type FindingSeverity = 'error' | 'warning' | 'note';

/** Something about a model that whoever ships it should know. */
export interface Finding {
  /** Id of the rule, e.g. `weights/not-finite`. */
  rule: string;
  severity: FindingSeverity;
  /** What is found, a whole sentence without a full stop. */
  message: Phrase;
  /** What to do, a whole sentence without a full stop. */
  remedy: Phrase;
  place: FindingPlace;
}

/** Where it is. */
export interface FindingPlace {
  /** Absolute path of the file, or of the folder that lacks one. */
  file: string;
  /** Name of an initializer. */
  tensor?: string;
  /** Name of a value of the graph that is no initializer, such as an input. */
  value?: string;
  /** Name of a node; its operator where it has none. */
  node?: string;
}

/** A rule that could not be asked. */
export interface SkippedRule {
  rule: string;
  reason: Phrase;
  /** Absolute path of the file that it was not asked of; absent where that is the whole model. */
  file?: string;
}

/** What all rules say of a model. */
export interface CheckReport {
  /** Absolute paths of the model files that were looked at, those that cannot be read included. */
  files: string[];
  /** The worst first; at most {@link MOST_FINDINGS} of one rule. */
  findings: Finding[];
  /** Findings beyond that, by rule; absent where there are none. */
  more?: { rule: string; findings: number }[];
  /** Ids of the rules that were asked of everything and found nothing. */
  passed: string[];
  /** Rules that could not be asked of all, and why. They may have found something elsewhere. */
  skipped: SkippedRule[];
}

/** Findings of one rule that a report has. A file may have thousands of weights that are all NaN. */
export const MOST_FINDINGS = 20;

/** How far reading the weights is, which takes most of a check's time. */
export interface CheckProgress {
  /** Absolute path of the file whose weights are being read. */
  file: string;
  /** Its number, from 0, among as many files. */
  index: number;
  files: number;
  /** Bytes of its weights that were read, and all that are to be. */
  read: number;
  bytes: number;
}
