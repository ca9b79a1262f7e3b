import type { ComponentChild, VNode } from 'preact';

/** A number with its sign, what it may be off by, and its unit. */
const NUMBER =
  /(?:[≤≥<] ?)?[−-]?\d+(?:\.\d+)?(?:e[-−+]?\d+)?(?: ± \d+(?:\.\d+)?)?(?: ?%| (?:nats|奈特))?/gu;

/** A text whose numbers stay on one line with their signs and units: `1.2e-5`, `−0.20 ± 0.10 nats`. */
export function WholeNumbers({ text }: { text: string }): VNode {
  const parts: ComponentChild[] = [];
  let end = 0;
  for (const { 0: number, index } of text.matchAll(NUMBER)) {
    if (number.length > 1) {
      parts.push(text.slice(end, index), <span class="whole-number">{number}</span>);
      end = index + number.length;
    }
  }
  return (
    <>
      {parts}
      {text.slice(end)}
    </>
  );
}
