import type { CostFigures, CostSetting } from '../shared/costAt';
import type { ModelCost } from '../shared/modelCost';
import type { FilledBlank, UnsureWord } from '../shared/generation';
import type { CheckReport } from '../shared/modelCheck';
import type { ModelDiff } from '../shared/modelDiff';
import type { ModelOutline } from '../shared/modelOutline';
import type { ModelProfile } from '../shared/modelProfile';
import type { ModelStack } from '../shared/modelStack';
import { percent } from '../shared/percent';
import { probabilityBar } from '../wording/probabilityBar';
import type { Token } from '../shared/text';
import { tokenLabels } from '../shared/tokenLabel';
import { printable } from '../shared/printable';
import { costLines } from './showCost';
import { checkLines } from './showCheck';
import { diffLines } from './showDiff';
import { profileLines } from './showProfile';
import { outlineLines } from './showOutline';

/** A model's outline as lines for people. @param stacks those of all models that are shown. */
export function formatOutline(model: ModelOutline, stacks: readonly ModelStack[] = []): string {
  const files = new Set([model, ...(model.parts ?? [])].map(({ file }) => file));
  return joinLines(
    outlineLines(
      model,
      stacks.filter(({ file }) => files.has(file)),
    ),
  );
}

/** What a model takes for texts of a length, as lines for people. */
export function formatCost(model: ModelCost, setting: CostSetting, figures: CostFigures): string {
  return joinLines(costLines(model, setting, figures));
}

/** What a check found as lines for people. */
export function formatCheck(report: CheckReport): string {
  return joinLines(checkLines(report));
}

/** How two models differ as lines for people. */
export function formatDiff(found: ModelDiff): string {
  return joinLines(diffLines(found));
}

/** Where the time of a model goes as lines for people. */
export function formatProfile(found: ModelProfile): string {
  return joinLines(profileLines(found));
}

/** Tokens, one a line: id, characters, text. */
export function formatTokens(list: readonly Token[]): string {
  const labels = tokenLabels(list);
  return joinLines(
    list.map(({ id, start, end }, index) =>
      [String(id).padStart(7), `${start}–${end}`.padEnd(9), labels[index]].join('  '),
    ),
  );
}

const ONE_DECIMAL = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/** The candidates for a blank, one a line: probability as a number and as a bar, text. */
export function formatCandidates(list: FilledBlank['candidates']): string {
  return joinLines(
    list.map(({ text, probability }) =>
      [
        percent(probability, 'en', ONE_DECIMAL).padStart(6),
        probabilityBar(probability),
        text.trim(),
      ].join('  '),
    ),
  );
}

/** More would say no more. */
const MOST_UNSURE = 5;

/** The words that a model gave the least probability, the least first, with what it gave. */
export function formatUnsureWords(text: string, words: readonly UnsureWord[]): string {
  const shown = words
    .toSorted((a, b) => a.probability - b.probability)
    .slice(0, MOST_UNSURE)
    .map(
      ({ start, end, probability }) =>
        `“${printable(text.slice(start, end))}” (${shownProbability(probability)})`,
    );
  return [...shown, ...(words.length > MOST_UNSURE ? ['…'] : [])].join(', ');
}

/** Shares of a percent that are smaller than this differ in nothing that matters. */
const LEAST_SHOWN = 0.0001;

function shownProbability(probability: number): string {
  if (probability < LEAST_SHOWN) {
    return '<0.01%';
  }
  return percent(probability, 'en', { maximumSignificantDigits: 2 });
}

/** Lines, each with its end. */
export function joinLines(list: readonly string[]): string {
  return `${list.map(printable).join('\n')}\n`;
}
