import type { GraphValue, ModuleGraph } from '../../../src/shared/moduleGraph';

/** Short names of sizes that vary: `b` for `batch_size`. */
export type Symbols = ReadonlyMap<string, string>;

/** What usual sizes are called in formulas. */
const USUAL: Readonly<Record<string, string>> = {
  batch_size: 'b',
  batch: 'b',
  sequence_length: 'n',
  encoder_sequence_length: 'n',
  decoder_sequence_length: 'm',
  past_sequence_length: 'p',
  past_decoder_sequence_length: 'p',
  total_sequence_length: 't',
};

const LETTERS = 'nmkijuvwxyzacdefghlopqrst';

/** Gives each size that varies a letter, the usual ones their own. */
export function symbolsOf({ values }: ModuleGraph): Symbols {
  const names = new Set<string>();
  for (const { shape } of values) {
    shape?.forEach((size) => {
      if (typeof size === 'string') {
        size.match(/[A-Za-z_]\w*/g)?.forEach((name) => names.add(name));
      }
    });
  }
  const symbols = new Map<string, string>();
  const taken = new Set<string>();
  const give = (name: string, letter: string | undefined): void => {
    if (letter !== undefined && !taken.has(letter)) {
      symbols.set(name, letter);
      taken.add(letter);
    }
  };
  names.forEach((name) => give(name, USUAL[name]));
  for (const name of names) {
    if (!symbols.has(name)) {
      give(
        name,
        Array.from(LETTERS).find((letter) => !taken.has(letter)),
      );
    }
  }
  return symbols;
}

/** A shape as a formula: `b × 5 × n × n`. Undefined of a value whose shape is not known at all. */
export function shapeWords({ shape }: GraphValue, symbols: Symbols): string | undefined {
  return shape
    ?.map((size) =>
      size === null
        ? '?'
        : typeof size === 'number'
          ? String(size)
          : size
              .replaceAll(/[A-Za-z_]\w*/g, (name) => symbols.get(name) ?? name)
              .replaceAll('*', '·')
              .replaceAll('-', '−'),
    )
    .join(' × ');
}
