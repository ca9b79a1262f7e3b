import { Failure, phrase } from '../shared/failure';
import type { JsonLimits } from '../shared/limits';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = [0x5b, 0x7b] as const;
const CLOSE = [0x5d, 0x7d] as const;

/**
 * Checks a JSON text before it is parsed: parsing makes an object of each pair of brackets, so that
 * 63 MB of `[1],[1],…` would take 4.7 GB. What is no JSON is left to the parser.
 * @param bytes of the text in UTF-8
 * @throws Failure `model` if it has too many values or keys, or lies too deep
 */
export function checkJsonBounds(bytes: Uint8Array, limits: JsonLimits, where: string): void {
  let values = 1;
  let keys = 0;
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1);
    } else if (byte === COMMA) {
      values++;
    } else if (byte === COLON) {
      keys++;
    } else if (byte === OPEN[0] || byte === OPEN[1]) {
      values++;
      depth++;
      if (depth > limits.depth) {
        throw refused(
          phrase('Objects and lists lie more than {0} deep in each other', limits.depth),
          where,
        );
      }
    } else if (byte === CLOSE[0] || byte === CLOSE[1]) {
      depth--;
    }
    if (keys > limits.keys) {
      throw refused(phrase('The objects of the file have more than {0} keys', limits.keys), where);
    }
    if (values > limits.values) {
      throw refused(phrase('The file has more than {0} values', limits.values), where);
    }
  }
}

/** Where the quote stands that ends a string. */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== QUOTE) {
    at += bytes[at] === BACKSLASH ? 2 : 1;
  }
  return at;
}

function refused(what: ReturnType<typeof phrase>, where: string): Failure {
  return new Failure({
    kind: 'model',
    what,
    where,
    remedy: phrase(
      'check where the file comes from; if you trust it, report that the limit is too low',
    ),
  });
}
