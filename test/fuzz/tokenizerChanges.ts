import { LARGEST_BYTES, type Change, type NamedChange } from './change';
import type { Random } from './random';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Parent = Json[] | { [key: string]: Json };

/** Parts of tokenizer.json that are chains of steps, and what a chain is called in each. */
const CHAINS = [
  ['normalizer', 'normalizers'],
  ['pre_tokenizer', 'pretokenizers'],
  ['post_processor', 'processors'],
  ['decoder', 'decoders'],
] as const;

/** Steps that make a text longer, each time that they are run. */
const GROWING: readonly Json[] = [
  { type: 'Replace', pattern: { String: 'a' }, content: 'aa' },
  { type: 'Replace', pattern: { Regex: '' }, content: 'ab' },
  { type: 'Replace', pattern: { Regex: '.' }, content: 'x'.repeat(5000) },
  { type: 'Prepend', prepend: 'ab'.repeat(4000) },
  { type: 'NFKD' },
  { type: 'ByteLevel', add_prefix_space: true, use_regex: false },
  { type: 'Metaspace', replacement: 'ab', prepend_scheme: 'always', split: true },
  { type: 'Metaspace', replacement: '', prepend_scheme: 'never' },
  { type: 'BPEDecoder', suffix: '' },
];

const EXTREME_NUMBERS = [-1, 0, 0.5, 2 ** 22, 2 ** 24, 2 ** 31, 2 ** 53, 1e308, -1e308];
const NAMES_OF_ALL = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'type'];

/** Changes of a tokenizer.json that leave it readable. */
export const TOKENIZER_CHANGES: readonly NamedChange[] = [
  ['steps that grow', json(addGrowing)],
  ['a chain in chains', json(nest)],
  ['a step many times', json(repeatStep)],
  ['a long list', json(lengthen)],
  ['a long text', json(longText)],
  ['an extreme number', json(replaceLeaf('number', (random) => random.of(EXTREME_NUMBERS)))],
  ['a name that objects have', json(rename)],
  ['a part of another kind', json(replaceAny)],
  ['a part of another place', json(move)],
];

/** A change of the parsed content; it answers whether there was a place for it. */
function json(change: (content: { [key: string]: Json }, random: Random) => boolean): Change {
  return (bytes, random) => {
    try {
      const content = JSON.parse(new TextDecoder().decode(bytes)) as Json;
      const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
      return isObject && change(content, random)
        ? new TextEncoder().encode(JSON.stringify(content))
        : undefined;
    } catch {
      return undefined;
    }
  };
}

function addGrowing(content: { [key: string]: Json }, random: Random): boolean {
  const [part, member] = random.of(CHAINS);
  const step = random.of(GROWING);
  const before = content[part] ?? null;
  const steps = new Array<Json>(1 + random.below(99)).fill(step);
  content[part] = { type: 'Sequence', [member]: before === null ? steps : [before, ...steps] };
  return true;
}

function nest(content: { [key: string]: Json }, random: Random): boolean {
  const [part, member] = random.of(CHAINS);
  for (let depth = 2 ** random.below(12); depth > 0; depth--) {
    content[part] = { type: 'Sequence', [member]: [content[part] ?? null] };
  }
  return true;
}

function repeatStep(content: { [key: string]: Json }, random: Random): boolean {
  const [part, member] = random.of(CHAINS);
  const step = content[part] ?? null;
  content[part] = {
    type: 'Sequence',
    [member]: new Array<Json>(2 ** random.below(10)).fill(step),
  };
  return step !== null;
}

function lengthen(content: { [key: string]: Json }, random: Random): boolean {
  const lists = places(content)
    .map(valueAt)
    .filter((value) => Array.isArray(value) && value.length > 0) as Json[][];
  if (lists.length === 0) {
    return false;
  }
  const list = random.of(lists);
  const item = random.of(list);
  const most = Math.floor(LARGEST_BYTES / 2 / (JSON.stringify(item).length + 1));
  for (let count = random.below(Math.max(1, most)); count > 0; count--) {
    list.push(item);
  }
  return true;
}

function longText(content: { [key: string]: Json }, random: Random): boolean {
  return replaceLeaf('string', () =>
    random.of(['a', '▁', '(', '(a', '\u0301', '<0x41>']).repeat(2 ** random.below(17)),
  )(content, random);
}

function rename(content: { [key: string]: Json }, random: Random): boolean {
  const [parent, key] = random.of(places(content));
  if (Array.isArray(parent)) {
    return false;
  }
  const value = parent[key] ?? null;
  Reflect.deleteProperty(parent, key);
  // An assignment would set the prototype.
  Object.defineProperty(parent, random.of(NAMES_OF_ALL), { value, enumerable: true });
  return true;
}

function replaceAny(content: { [key: string]: Json }, random: Random): boolean {
  const values: Json[] = [null, true, 7, 'text', [], {}, [[]], { type: 'Sequence' }];
  return put(random.of(places(content)), random.of(values));
}

function move(content: { [key: string]: Json }, random: Random): boolean {
  const value = valueAt(random.of(places(content)));
  const copy = JSON.parse(JSON.stringify(value)) as Json;
  return put(random.of(places(content)), copy);
}

function replaceLeaf(kind: 'number' | 'string', make: (random: Random) => Json) {
  return (content: { [key: string]: Json }, random: Random): boolean => {
    const leaves = places(content).filter((place) => typeof valueAt(place) === kind);
    return leaves.length > 0 && put(random.of(leaves), make(random));
  };
}

type Place = readonly [parent: Parent, key: string | number];

function valueAt([parent, key]: Place): Json {
  return (parent as Record<string | number, Json>)[key] ?? null;
}

function put([parent, key]: Place, value: Json): boolean {
  (parent as Record<string | number, Json>)[key] = value;
  return true;
}

/** Entries of large tables that are changed; the others are like them. */
const SOME = 8;

/** Where the values of a parsed file stand. */
function places(value: Json): Place[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys
    .slice(0, keys.length > 64 ? SOME : keys.length)
    .flatMap((key): Place[] => [[value, key], ...places(valueAt([value, key]))]);
}
