import { element } from './element';

/** A number with its sign, what it may be off by, and its unit. */
const NUMBER =
  /(?:[≤≥<] ?)?[−-]?\d+(?:\.\d+)?(?:e[-−+]?\d+)?(?: ± \d+(?:\.\d+)?)?(?: ?%| (?:nats|奈特))?/gu;

/** A text whose numbers stay on one line with their signs and units: `1.2e-5`, `−0.20 ± 0.10 nats`. */
export function withWholeNumbers(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const { 0: number, index } of text.matchAll(NUMBER)) {
    if (number.length > 1) {
      parts.push(text.slice(end, index), element('span', 'whole-number', {}, number));
      end = index + number.length;
    }
  }
  return [...parts, text.slice(end)].filter((part) => part !== '');
}
