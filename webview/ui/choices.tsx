import type { VNode } from 'preact';
import './choices.css';
import { moveInRow } from './gridMovement';

/** One of several values. */
export interface Choice<Value> {
  value: Value;
  label: string;
}

export interface ChoicesProps<Value> {
  /** What a screen reader calls the row. */
  label: string;
  choices: readonly Choice<Value>[];
  chosen: Value;
  onChoose: (value: Value) => void;
}

/** A row of which one is chosen, by the radio group pattern of the ARIA Authoring Practices. */
export function Choices<Value extends string | number>({
  label,
  choices,
  chosen,
  onChoose,
}: ChoicesProps<Value>): VNode {
  const press = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const buttons = Array.from(event.currentTarget.children);
    const from = buttons.findIndex((button) => button === event.target);
    const to = from < 0 ? undefined : moveInRow(event, from, buttons.length);
    const [choice, button] = [choices[to ?? -1], buttons[to ?? -1]];
    if (choice !== undefined && button instanceof HTMLElement) {
      event.preventDefault();
      onChoose(choice.value);
      button.focus();
    }
  };
  return (
    <div class="choices" role="radiogroup" aria-label={label} title={label} onKeyDown={press}>
      {choices.map(({ value, label: words }) => (
        <button
          key={value}
          type="button"
          role="radio"
          aria-checked={value === chosen}
          tabIndex={value === chosen ? 0 : -1}
          onClick={() => onChoose(value)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}
