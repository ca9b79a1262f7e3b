import { parseArgs } from 'node:util';
import { TENSOR_ORDERS, type TensorOrder } from './showTensors';
import { textSource, textWords, type TextSource } from './textSource';
import { UsageError } from './usageError';
import { MOST_BEAMS } from '../library/generationConfig';
import type { HeadChoice, HeadId } from '../shared/attention';
import type { RequestedLanguages } from '../shared/modelSummary';
import { LARGEST_SEED, MOST_CANDIDATES, MOST_PROFILED_RUNS } from '../shared/limits';

export type TextTask = 'complete' | 'translate' | 'summarize';

/** A command line, checked. */
export type Invocation =
  | { command: 'help' }
  | { command: 'version' }
  | {
      command: 'inspect';
      path: string;
      /** Asks for what the model takes to run; `context` is absent for as much as it can see. */
      cost?: { context?: number; batch: number };
      json: boolean;
    }
  | { command: 'check'; path: string; json: boolean }
  | {
      command: 'diff';
      a: string;
      b: string;
      /** What both models are to read; one of ours when absent. */
      source?: TextSource;
      /** Whether both are run at all. */
      run: boolean;
      json: boolean;
    }
  | {
      command: 'profile';
      path: string;
      /** What the model is to read; a sentence of ours when absent. */
      source?: TextSource;
      /** As many as a second takes when absent. */
      runs?: number;
      json: boolean;
    }
  | {
      command: 'tensors';
      path: string;
      /** One tensor; all when absent. */
      name?: string;
      sort?: TensorOrder;
      stats: boolean;
      /** The file that the tensor is written to. */
      npy?: string;
      /** Whether that may replace another one. */
      force: boolean;
      json: boolean;
    }
  | { command: 'tokenize'; model?: string; source: TextSource; json: boolean }
  | {
      command: 'trace';
      model?: string;
      source: TextSource;
      target?: string;
      languages: RequestedLanguages;
      head?: HeadChoice;
      /** Whether the reference Transformer checks the runtime's numbers. */
      reference: boolean;
      /** Hook points to record; `'list'` to name them all. */
      points?: readonly string[] | 'list';
      /** Heads to silence, each by itself. */
      ablate: readonly HeadId[];
      /** Tokens that nothing can attend to, together. */
      mask: readonly number[];
      /** Whether the one head's attention is also weighted by what its values add. */
      values: boolean;
      /** Whether attention alone is followed through all layers, which gives an estimate. */
      rollout: boolean;
      /** Whether the output layer reads the residual stream before each layer. */
      lens: boolean;
      json: boolean;
    }
  | {
      command: 'generate';
      task: TextTask;
      model?: string;
      source: TextSource;
      /** When absent, what is usual for the task. */
      maxNewTokens?: number;
      /** When absent, as the model recommends. */
      temperature?: number;
      /** When absent, as the model recommends. */
      beams?: number;
      seed?: number;
      languages: RequestedLanguages;
      json: boolean;
    }
  | { command: 'fill'; model?: string; source: TextSource; count: number; json: boolean };

/** The command line of a command. */
export type InvocationOf<C extends Invocation['command']> = Extract<Invocation, { command: C }>;

const OPTIONS = {
  model: { type: 'string' },
  text: { type: 'string' },
  target: { type: 'string' },
  'target-language': { type: 'string' },
  source: { type: 'string' },
  file: { type: 'string' },
  head: { type: 'string' },
  reference: { type: 'boolean' },
  points: { type: 'string' },
  ablate: { type: 'string' },
  mask: { type: 'string' },
  lens: { type: 'boolean' },
  rollout: { type: 'boolean' },
  values: { type: 'boolean' },
  'max-new-tokens': { type: 'string' },
  beams: { type: 'string' },
  temperature: { type: 'string' },
  seed: { type: 'string' },
  count: { type: 'string' },
  cost: { type: 'boolean' },
  context: { type: 'string' },
  batch: { type: 'string' },
  stats: { type: 'boolean' },
  sort: { type: 'string' },
  npy: { type: 'string' },
  force: { type: 'boolean' },
  'no-run': { type: 'boolean' },
  runs: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const TEXT_OPTIONS = [
  'model',
  'text',
  'file',
  'max-new-tokens',
  'beams',
  'temperature',
  'seed',
] as const;

/** The options that each command takes, `--json` apart. */
const TAKES = {
  inspect: ['cost', 'context', 'batch'],
  check: [],
  diff: ['text', 'file', 'no-run'],
  profile: ['text', 'file', 'runs'],
  tensors: ['stats', 'sort', 'npy', 'force'],
  tokenize: ['model', 'text', 'file'],
  trace: [
    'model',
    'text',
    'file',
    'target',
    'target-language',
    'source',
    'head',
    'reference',
    'points',
    'ablate',
    'mask',
    'lens',
    'rollout',
    'values',
  ],
  complete: TEXT_OPTIONS,
  translate: [...TEXT_OPTIONS, 'source', 'target'],
  summarize: TEXT_OPTIONS,
  fill: ['model', 'text', 'file', 'count'],
} satisfies Record<string, readonly (keyof typeof OPTIONS)[]>;

/**
 * Reads a command line.
 * @param args without node and the script.
 * @throws UsageError
 */
export function parseInvocation(args: string[]): Invocation {
  const { values, positionals, tokens } = parse(args);
  if (values.help) {
    return { command: 'help' };
  }
  if (values.version) {
    return { command: 'version' };
  }
  const [command, ...rest] = positionals;
  if (command === undefined) {
    throw new UsageError('no command given');
  }
  if (command === 'help') {
    return { command };
  }
  if (!isCommand(command)) {
    throw new UsageError(`there is no command “${command}”`);
  }
  const takes: readonly string[] = TAKES[command];
  const stray = Object.keys(values).find((name) => name !== 'json' && !takes.includes(name));
  if (stray !== undefined) {
    throw new UsageError(`“${command}” takes no --${stray}`);
  }
  const json = values.json ?? false;
  if (command === 'inspect' || command === 'check') {
    const [path, ...more] = rest;
    if (path === undefined || more.length > 0) {
      throw new UsageError(`“${command}” takes one path`);
    }
    return command === 'check'
      ? { command, path, json }
      : { command, path, ...costSetting(values), json };
  }
  if (command === 'diff') {
    return diffInvocation(rest, values, json);
  }
  if (command === 'profile') {
    return profileInvocation(rest, values, json);
  }
  if (command === 'tensors') {
    return tensorsInvocation(rest, values, json);
  }
  const model = values.model === undefined ? {} : { model: values.model };
  const source = textSource(values.file, textWords(tokens), command);
  const target = values.target === undefined ? {} : { target: values.target };
  switch (command) {
    case 'fill':
      return {
        command,
        ...model,
        source,
        count: wholeNumber('count', values.count ?? '5', 1, MOST_CANDIDATES),
        json,
      };
    case 'tokenize':
      return { command, ...model, source, json };
    case 'trace':
      return {
        command,
        ...model,
        source,
        ...target,
        languages: languages(values.source, values['target-language']),
        ...(values.head === undefined ? {} : { head: headOrMean(values.head, 'head') }),
        reference: values.reference ?? false,
        ...(values.points === undefined ? {} : { points: pointNames(values.points) }),
        ablate: listed(values.ablate ?? '').map((name) => headName(name, 'ablate')),
        mask: listed(values.mask ?? '').map((word) => wholeNumber('mask', word, 0)),
        lens: values.lens ?? false,
        rollout: values.rollout ?? false,
        values: withHead(values),
        json,
      };
    default:
      return {
        command: 'generate',
        task: command,
        ...model,
        source,
        ...(values['max-new-tokens'] === undefined
          ? {}
          : { maxNewTokens: wholeNumber('max-new-tokens', values['max-new-tokens'], 1) }),
        ...(values.temperature === undefined
          ? {}
          : {
              temperature: number(
                'temperature',
                values.temperature,
                [0, Infinity],
                Number.isFinite,
              ),
            }),
        ...(values.beams === undefined
          ? {}
          : { beams: wholeNumber('beams', values.beams, 1, MOST_BEAMS) }),
        ...(values.seed === undefined
          ? {}
          : { seed: wholeNumber('seed', values.seed, 0, LARGEST_SEED) }),
        languages: languages(values.source, values.target),
        json,
      };
  }
}

function diffInvocation(
  [a, b, ...more]: readonly string[],
  { text, file, 'no-run': noRun = false }: { text?: string; file?: string; 'no-run'?: boolean },
  json: boolean,
): InvocationOf<'diff'> {
  if (a === undefined || b === undefined || more.length > 0) {
    throw new UsageError('“diff” takes two paths');
  }
  const source = optionalSource(text, file);
  if (noRun && 'source' in source) {
    throw new UsageError('--no-run and a text do not go together');
  }
  return { command: 'diff', a, b, ...source, run: !noRun, json };
}

function profileInvocation(
  [path, ...more]: readonly string[],
  { text, file, runs }: { text?: string; file?: string; runs?: string },
  json: boolean,
): InvocationOf<'profile'> {
  if (path === undefined || more.length > 0) {
    throw new UsageError('“profile” takes one path');
  }
  return {
    command: 'profile',
    path,
    ...optionalSource(text, file),
    ...(runs === undefined ? {} : { runs: wholeNumber('runs', runs, 1, MOST_PROFILED_RUNS) }),
    json,
  };
}

/** A text that commands on models take by options alone, since paths are what stands in their place. */
function optionalSource(
  text: string | undefined,
  file: string | undefined,
): { source?: TextSource } {
  if (text !== undefined && file !== undefined) {
    throw new UsageError('--text and --file exclude each other');
  }
  return text !== undefined ? { source: { text } } : file === undefined ? {} : { source: { file } };
}

function tensorsInvocation(
  [path, name, ...more]: readonly string[],
  { stats = false, sort, npy, force = false }: TensorOptions,
  json: boolean,
): InvocationOf<'tensors'> {
  if (path === undefined || more.length > 0) {
    throw new UsageError('“tensors” takes one path, and then at most one name');
  }
  const order = TENSOR_ORDERS.find((each) => each === sort);
  if (sort !== undefined && order === undefined) {
    throw new UsageError(`--sort must be size or name, not “${sort}”`);
  }
  if (name === undefined && npy !== undefined) {
    throw new UsageError('--npy needs the name of a tensor');
  }
  if (name !== undefined && sort !== undefined) {
    throw new UsageError('--sort is of a list, not of one tensor');
  }
  if (force && npy === undefined) {
    throw new UsageError('--force needs --npy');
  }
  if (stats && npy !== undefined) {
    throw new UsageError('--stats and --npy do not go together');
  }
  return {
    command: 'tensors',
    path,
    ...(name === undefined ? {} : { name }),
    ...(order === undefined ? {} : { sort: order }),
    stats,
    ...(npy === undefined ? {} : { npy }),
    force,
    json,
  };
}

/** The options of `tensors`. */
interface TensorOptions {
  stats?: boolean;
  sort?: string;
  npy?: string;
  force?: boolean;
}

const CONFIG = { options: OPTIONS, allowPositionals: true, tokens: true } as const;
function languages(source: string | undefined, target: string | undefined): RequestedLanguages {
  return {
    ...(source === undefined ? {} : { source }),
    ...(target === undefined ? {} : { target }),
  };
}

function parse(args: string[]): ReturnType<typeof parseArgs<typeof CONFIG>> {
  try {
    return parseArgs({ ...CONFIG, args: joined(args) });
  } catch (error) {
    // The rest of Node's messages explains how to quote, over several sentences.
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split(/\.\s/)[0] ?? message);
  }
}

const OPTION_NAMES = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];

/**
 * `--text "- an item"` as `--text=- an item`, and a text alone likewise: what begins with a dash and is
 * no option is a value still.
 */
function joined(args: readonly string[]): string[] {
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    const next = args[i + 1];
    const takesNext =
      next?.startsWith('-') === true && optionName(next) === undefined && wantsValue(word);
    const isText = /^-.*\s/s.test(word) && optionName(word) === undefined;
    words.push(takesNext ? `${word}=${next}` : isText ? `--text=${word}` : word);
    i += takesNext ? 1 : 0;
  }
  return words;
}

/** Whether a word is the name of an option whose value is to follow. */
function wantsValue(word: string): boolean {
  const name = optionName(word);
  return name !== undefined && !word.includes('=') && OPTIONS[name].type === 'string';
}

/** The known name in `--name` or `--name=value`. */
function optionName(word: string): keyof typeof OPTIONS | undefined {
  return OPTION_NAMES.find((name) => word === `--${name}` || word.startsWith(`--${name}=`));
}

function isCommand(word: string): word is keyof typeof TAKES {
  return Object.hasOwn(TAKES, word);
}

/** Texts and tokens of which nobody asks what they cost; beyond, numbers would be rounded. */
const MOST_TOKENS = 100_000_000;
const MOST_TEXTS = 1_000_000;

/** `--context` and `--batch` say what is to be run. */
function costSetting({
  cost = false,
  context,
  batch,
}: {
  cost?: boolean;
  context?: string;
  batch?: string;
}): Pick<InvocationOf<'inspect'>, 'cost'> {
  if (!cost) {
    const stray = context !== undefined ? 'context' : batch !== undefined ? 'batch' : undefined;
    if (stray !== undefined) {
      throw new UsageError(`--${stray} needs --cost`);
    }
    return {};
  }
  return {
    cost: {
      ...(context === undefined
        ? {}
        : { context: wholeNumber('context', context, 1, MOST_TOKENS) }),
      batch: wholeNumber('batch', batch ?? '1', 1, MOST_TEXTS),
    },
  };
}

/** `--values` is of one head. */
function withHead({ values = false, head }: { values?: boolean; head?: string }): boolean {
  if (values && head === undefined) {
    throw new UsageError('--values needs --head');
  }
  if (values && head?.endsWith('.mean') === true) {
    throw new UsageError('--values is of one head, not of a mean');
  }
  return values;
}

/** A head, or with `mean` in place of its number the mean of the layer's heads. */
function headOrMean(name: string, option: string): HeadChoice {
  const layer = /^(.+)\.mean$/.exec(name)?.[1];
  return layer === undefined
    ? headName(name, option)
    : { site: headName(`${layer}.0`, option).site, head: 'mean' };
}

/** A layer's name has its number before a word, `blocks.0.attn`; `blocks.0` alone has no head. */
function headName(name: string, option: string): HeadId {
  const match = /^(.+\.\d+\.[^.\d][^.]*)\.(\d+)$/.exec(name);
  if (match?.[1] === undefined) {
    throw new UsageError(`--${option} must be SITE.H, such as blocks.0.attn.3, not “${name}”`);
  }
  return { site: match[1], head: Number(match[2]) };
}

/** `list`, or names with commas between them. */
function pointNames(value: string): readonly string[] | 'list' {
  const names = listed(value);
  if (names.length === 0) {
    throw new UsageError('--points must name hook points, or be “list”');
  }
  return value === 'list' ? value : names;
}

function listed(value: string): string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function number(
  name: string,
  word: string,
  [least, most]: readonly [least: number, most: number],
  allowed: (value: number) => boolean,
): number {
  const value = word.trim() === '' ? NaN : Number(word);
  if (!allowed(value) || value < least || value > most) {
    const kind = allowed === Number.isSafeInteger ? 'a whole number' : 'a number';
    const range = most === Infinity ? `from ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`--${name} must be ${kind} ${range}, not “${word}”`);
  }
  return value;
}

function wholeNumber(name: string, word: string, least: number, most = Infinity): number {
  return number(name, word, [least, most], Number.isSafeInteger);
}
