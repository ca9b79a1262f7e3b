import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { Explanation, useExplanationId } from '../ui/explanation';
import { WholeNumbers } from '../ui/wholeNumbers';
import type { Figure } from './figures';

/** Figures, each with what it means. */
export function FigureList({ figures }: { figures: readonly Figure[] }): VNode {
  return (
    <dl class="figures">
      {figures.map((figure) => (
        <FigureItem key={figure.name} {...figure} />
      ))}
    </dl>
  );
}

function FigureItem({ name, value, meaning }: Figure): VNode {
  const id = useExplanationId();
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <div ref={whole} class="figure">
      <dt>
        <button ref={button} class="figure-name" type="button" aria-describedby={id}>
          {name}
        </button>
      </dt>
      <dd>
        <WholeNumbers text={value} />
        <Explanation id={id} anchor={whole} focusable={button} text={meaning} />
      </dd>
    </div>
  );
}
