import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { createEngine, type CallContext, type Engine } from '../engine/engine';
import { bundledModel } from '../library/bundledModels';
import type { EngineApi } from '../shared/engineApi';
import { Failure, phrase } from '../shared/failure';
import * as show from './show';
import { HELP, type HeadName, type Invocation } from './usage';

/** Where a command reads and writes, and what stops it early. */
export interface Terminal {
  /** The folder that package.json lies in. */
  root: string;
  /** Called by commands that can stop early and keep what they have. */
  interruptible(): AbortSignal;
  stdin: NodeJS.ReadableStream;
  out(text: string): void;
  /** For what concerns the user and is not the answer; one line. */
  note(text: string): void;
}

type Of<C extends Invocation['command']> = Extract<Invocation, { command: C }>;

/**
 * Carries out a command line over an engine in this process.
 * @throws Failure
 */
export async function run(invocation: Invocation, terminal: Terminal): Promise<void> {
  const engine = createEngine(() => undefined);
  switch (invocation.command) {
    case 'help':
      terminal.out(HELP);
      break;
    case 'version':
      terminal.out(`${await version(terminal)}\n`);
      break;
    case 'inspect': {
      const outline = await engine.inspect({ path: invocation.path }, silent());
      terminal.out(invocation.json ? asJson(outline) : show.outline(outline));
      break;
    }
    case 'tokenize':
      return tokenize(engine, invocation, terminal);
    case 'trace':
      return trace(engine, invocation, terminal);
    case 'generate':
      return generate(engine, invocation, terminal);
  }
}

async function version({ root }: Terminal): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  return (manifest as { version: string }).version;
}

async function tokenize(
  engine: Engine,
  { model, text, json }: Of<'tokenize'>,
  terminal: Terminal,
): Promise<void> {
  const folder = model ?? bundledModel(terminal.root, 'complete');
  const { tokens } = await engine.tokenize({ model: folder, text }, silent());
  const answer = tokens.map(({ id, text, start, end }) => ({ id, text, start, end }));
  terminal.out(json ? asJson({ tokens: answer }) : show.tokens(answer));
}

async function trace(
  engine: Engine,
  { model, text, target, head, json }: Of<'trace'>,
  terminal: Terminal,
): Promise<void> {
  if (target !== undefined) {
    throw notYet('--target', phrase('leave it out to trace a text-generation model'));
  }
  const folder = model ?? bundledModel(terminal.root, 'complete');
  const { trace, tokens, sites, truncation } = await engine.trace(
    { model: folder, text },
    silent(),
  );
  const answer = {
    tokens,
    sites: sites.map(({ statistics, ...site }) => ({
      ...site,
      entropy: statistics.map(({ entropy }) => entropy),
    })),
    ...(head === undefined ? {} : { matrix: await matrix(engine, trace, head) }),
    ...(truncation === undefined ? {} : { truncation }),
  };
  terminal.out(json ? asJson(answer) : show.trace(answer, sites));
}

/** One head's probabilities, [query][key]. */
async function matrix(
  engine: Engine,
  trace: string,
  { site, head }: HeadName,
): Promise<number[][]> {
  const { values, queries, keys } = await engine.headMap({ trace, site, head }, silent());
  return Array.from({ length: queries }, (_, query) =>
    Array.from(values.subarray(query * keys, (query + 1) * keys)),
  );
}

async function generate(
  engine: Engine,
  { task, model, source, beams, json, ...given }: Of<'generate'>,
  terminal: Terminal,
): Promise<void> {
  if (task !== 'complete') {
    throw notYet(`headlight ${task}`, phrase('use “headlight complete” for now'));
  }
  if (beams > 1) {
    throw notYet('--beams', phrase('leave it out or set it to 1'));
  }
  const { maxNewTokens, temperature, seed } = given;
  const text = await readSource(source, terminal);
  const answer = await engine.complete(
    {
      model: model ?? bundledModel(terminal.root, task),
      text,
      options: { maxNewTokens, temperature, ...(seed === undefined ? {} : { seed }) },
    },
    {
      signal: terminal.interruptible(),
      report: ({ delta }) => {
        if (!json) {
          terminal.out(delta);
        }
      },
    },
  );
  terminal.out(json ? asJson(answer) : '\n');
  const { truncation } = answer;
  if (truncation && !json) {
    terminal.note(`only the last ${truncation.used} of ${truncation.total} tokens were used`);
  }
}

async function readSource(source: Of<'generate'>['source'], { stdin }: Terminal): Promise<string> {
  if (source === 'standard input') {
    return readAll(stdin);
  }
  if ('text' in source) {
    return source.text;
  }
  try {
    return await readFile(source.file, 'utf8');
  } catch (error) {
    throw new Failure(
      {
        kind: 'input',
        what: phrase('The file cannot be read'),
        where: source.file,
        todo: phrase('check its path and that you may read it'),
      },
      { cause: error },
    );
  }
}

/** For calls that report nothing and cannot be stopped. */
function silent<K extends keyof EngineApi>(): CallContext<K> {
  return { signal: new AbortController().signal, report: () => undefined };
}

function notYet(where: string, todo: Failure['todo']): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase('This version of Headlight cannot do that yet'),
    where,
    todo,
  });
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
