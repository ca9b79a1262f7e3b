import type { FilledBlank, ModelOutline } from '../shared/engineApi';
import { probabilityBar } from '../shared/probabilityBar';
import type { Token } from '../shared/text';
import { tokenLabels } from '../shared/tokenLabel';
import { printable } from './printable';
import { outlineLines } from './showOutline';

/** A model's outline as lines for people. */
export function outline(model: ModelOutline): string {
  return lines(outlineLines(model));
}

/** Tokens, one a line: id, characters, text. */
export function tokens(list: readonly Token[]): string {
  const labels = tokenLabels(list);
  return lines(
    list.map(({ id, start, end }, index) =>
      [String(id).padStart(7), `${start}–${end}`.padEnd(9), labels[index]].join('  '),
    ),
  );
}

/** The candidates for a blank, one a line: probability as a number and as a bar, text. */
export function candidates(list: FilledBlank['candidates']): string {
  return lines(
    list.map(({ text, probability }) =>
      [
        `${(probability * 100).toFixed(1)}%`.padStart(6),
        probabilityBar(probability),
        text.trim(),
      ].join('  '),
    ),
  );
}

/** Lines, each with its end. */
export function lines(list: readonly string[]): string {
  return `${list.map(printable).join('\n')}\n`;
}
