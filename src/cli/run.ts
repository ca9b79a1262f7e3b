import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { createEngine, type Engine } from '../engine/engine';
import { reservations, usesPart, type Outcome } from '../shared/doubts';
import type { ModelChoice, Task } from '../shared/engineApi';
import { Failure, inEnglish, phrase } from '../shared/failure';
import { findMask } from './mask';
import * as show from './show';
import { asJson, choice, silent, type Terminal } from './terminal';
import { trace } from './trace';
import { HELP, type Invocation, type Of, type TextSource } from './usage';

/**
 * Carries out a command line over an engine in this process.
 * @throws Failure
 */
export async function run(invocation: Invocation, terminal: Terminal): Promise<void> {
  const engine = createEngine(terminal.root, () => undefined);
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
      return invocation.task === 'complete'
        ? complete(engine, invocation, terminal)
        : rewrite(engine, invocation.task, invocation, terminal);
    case 'fill':
      return fill(engine, invocation, terminal);
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
  const { tokens } = await engine.tokenize({ model: choice(model, 'complete'), text }, silent());
  const answer = tokens.map(({ id, text, start, end }) => ({ id, text, start, end }));
  terminal.out(json ? asJson({ tokens: answer }) : show.tokens(tokens));
}

/** How many tokens a completion may have unless the command line says otherwise. */
const COMPLETION_TOKENS = 64;

async function complete(
  engine: Engine,
  invocation: Of<'generate'>,
  terminal: Terminal,
): Promise<void> {
  const { maxNewTokens = COMPLETION_TOKENS, json } = invocation;
  const model = choice(invocation.model, 'complete');
  const options = { ...samplingOf(invocation), maxNewTokens };
  const text = await readSource(invocation.source, terminal);
  const answer = await engine.complete({ model, text, options }, streamed(json, terminal));
  terminal.out(json ? asJson(answer) : '\n');
  if (!json) {
    // A text may be complete.
    const doubts = answer.doubts.filter(({ kind }) => kind !== 'empty');
    noteReservations({ ...answer, doubts }, 'complete', model, terminal);
  }
}

async function rewrite(
  engine: Engine,
  task: 'translate' | 'summarize',
  invocation: Of<'generate'>,
  terminal: Terminal,
): Promise<void> {
  const { maxNewTokens, json } = invocation;
  const model = choice(invocation.model, task);
  const options = {
    ...samplingOf(invocation),
    ...(maxNewTokens === undefined ? {} : { maxNewTokens }),
  };
  checkTarget(invocation);
  const text = await readSource(invocation.source, terminal);
  const answer = await engine[task]({ model, text, options }, streamed(json, terminal));
  if (json) {
    const { text, parts, ...rest } = answer;
    terminal.out(
      asJson({
        text,
        tokens: parts.flatMap(({ tokens }) => tokens),
        parts: parts.map(({ source, text }) => ({ source, text })),
        ...rest,
      }),
    );
  } else {
    terminal.out(answer.text.endsWith('\n') ? '' : '\n');
    noteReservations(answer, task, model, terminal);
  }
}

async function fill(
  engine: Engine,
  { source, count, json, ...given }: Of<'fill'>,
  terminal: Terminal,
): Promise<void> {
  const model = choice(given.model, 'fillMask');
  const text = await readSource(source, terminal);
  const answer = await engine.fillMask({ model, text, blank: findMask(text), count }, silent());
  terminal.out(json ? asJson(answer) : show.candidates(answer.candidates));
  if (!json) {
    noteReservations(answer, 'fillMask', model, terminal);
  }
}

/** How the next token is chosen. */
function samplingOf({ temperature, beams, seed }: Of<'generate'>): {
  temperature: number;
  beams?: number;
  seed?: number;
} {
  return {
    temperature,
    ...(beams === undefined ? {} : { beams }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** The language that the bundled translator writes, as a BCP 47 tag. */
const BUNDLED_TARGET = 'zh';

/** A model translates into the language that it was trained for, so that naming another is an error. */
function checkTarget({ target, model }: Of<'generate'>): void {
  if (target === undefined || (target === BUNDLED_TARGET && model === undefined)) {
    return;
  }
  throw new Failure({
    kind: 'unsupported',
    what:
      model === undefined
        ? phrase('The bundled model translates into Chinese (zh) only')
        : phrase('The language cannot be chosen: a model translates into the one it was made for'),
    where: `--target ${target}`,
    todo:
      model === undefined
        ? phrase('leave it out, or name the folder of another model with --model')
        : phrase('leave it out'),
  });
}

/** Shows a text as it comes, unless it is to be one JSON object. */
function streamed(
  json: boolean,
  terminal: Terminal,
): { signal: AbortSignal; report: (step: { delta: string }) => void } {
  return {
    signal: terminal.interruptible(),
    report: ({ delta }) => {
      if (!json) {
        terminal.out(delta);
      }
    },
  };
}

/** Says what the user should know before trusting a result. */
function noteReservations(
  outcome: Outcome,
  task: Task,
  model: ModelChoice,
  terminal: Terminal,
): void {
  const { truncation } = outcome;
  if (truncation && usesPart(task)) {
    const { kept, used, total } = truncation;
    const part = {
      start: `the first ${used}`,
      middle: `${used} around the blank`,
      end: `the last ${used}`,
    }[kept];
    terminal.note(`only ${part} of ${total} tokens were used`);
  }
  for (const sentence of reservations(outcome, task, model)) {
    terminal.note(inEnglish(sentence));
  }
}

async function readSource(source: TextSource, { stdin }: Terminal): Promise<string> {
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
