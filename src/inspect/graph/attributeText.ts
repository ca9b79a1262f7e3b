import type { Attribute } from '../../onnx/graph/model';

/** Numbers and texts of a list that are told. */
const LISTED = 16;

/** Characters of a text that are told. */
const LONGEST = 200;

/** What an attribute is, as a short text: `[1, 1, 32]`, `float32 2 × 3`, a graph by its number of nodes. */
export function attributeText(attribute: Attribute): string {
  switch (attribute.kind) {
    case 'int':
      return String(attribute.value);
    case 'float':
      return floatText(attribute.value);
    case 'string':
      return short(attribute.value);
    case 'ints':
      return listed(attribute.value.map(String));
    case 'floats':
      return listed(attribute.value.map(floatText));
    case 'strings':
      return listed(attribute.value.map(short));
    case 'tensor':
      return tensorText(attribute.value);
    case 'tensors':
      return listed(attribute.value.map(tensorText));
    case 'sparse':
      return tensorText(attribute.value.values);
    case 'sparses':
      return listed(attribute.value.map(({ values }) => tensorText(values)));
    case 'graph':
      return `{${attribute.value.nodes.length}}`;
    case 'graphs':
      return listed(attribute.value.map(({ nodes }) => `{${nodes.length}}`));
    case 'other':
      return '…';
  }
}

/** Digits that tell any two floats of 32 bits apart. */
const MOST_DIGITS = 9;

/** The shortest decimal that is this float of 32 bits: `0.1`, which as a double is 0.10000000149011612. */
function floatText(value: number): string {
  for (let digits = 1; digits < MOST_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) {
      return String(short);
    }
  }
  return String(Number(value.toPrecision(MOST_DIGITS)));
}

function tensorText({ dtype, dims }: { dtype: string; dims: readonly number[] }): string {
  return dims.length === 0 ? dtype : `${dtype} ${dims.join(' × ')}`;
}

function listed(items: readonly string[]): string {
  const rest = items.length - LISTED;
  return rest > 0 ? `[${items.slice(0, LISTED).join(', ')}, … ${rest}]` : `[${items.join(', ')}]`;
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
