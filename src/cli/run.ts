import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from '../engine/engine';
import { warningSentences, usesPart, type Outcome } from '../wording/resultWarnings';
import type { TextFormat } from '../shared/textToText';
import type { StopReason, UnsureWord } from '../shared/generation';
import type { ModelChoice, Task } from '../shared/modelSummary';
import { inEnglish } from '../shared/failure';
import { formatOfFile } from '../shared/textFormat';
import { DONE, STOPPED, type ExitStatus } from './exitStatus';
import { check } from './check';
import { diff } from './diff';
import { inspect } from './inspect';
import { findMask } from './mask';
import { profile } from './profile';
import * as show from './show';
import { tensors } from './tensors';
import { toJsonLine, modelChoice, noProgress, type Terminal } from './terminal';
import { trace } from './trace';
import { readSource } from './source';
import type { TextSource } from './textSource';
import { HELP } from './help';
import type { Invocation, InvocationOf } from './usage';

/**
 * Carries out a command line.
 * @returns what to tell the shell.
 * @throws Failure
 */
export async function run(invocation: Invocation, terminal: Terminal): Promise<ExitStatus> {
  const { engine } = terminal;
  switch (invocation.command) {
    case 'help':
      terminal.out(HELP);
      return DONE;
    case 'version':
      terminal.out(`${await version(terminal)}\n`);
      return DONE;
    case 'inspect':
      return inspect(engine, invocation, terminal);
    case 'check':
      return check(engine, invocation, terminal);
    case 'diff':
      return diff(engine, invocation, terminal);
    case 'profile':
      return profile(engine, invocation, terminal);
    case 'tensors':
      return tensors(engine, invocation, terminal);
    case 'tokenize':
      return tokenize(engine, invocation, terminal);
    case 'trace':
      return trace(engine, invocation, terminal);
    case 'generate':
      return invocation.task === 'complete'
        ? complete(engine, invocation, terminal)
        : textToText(engine, invocation.task, invocation, terminal);
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
  { model, source, json }: InvocationOf<'tokenize'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const text = await readSource(source, 'tokenize', terminal);
  const { tokens } = await engine.tokenize(
    { model: modelChoice(model, 'complete'), text },
    noProgress(),
  );
  const answer = tokens.map(({ id, text, start, end }) => ({ id, text, start, end }));
  terminal.out(json ? toJsonLine({ tokens: answer }) : show.formatTokens(tokens));
  return DONE;
}

/** How many tokens a completion may have unless the command line says otherwise. */
const COMPLETION_TOKENS = 64;

async function complete(
  engine: Engine,
  invocation: InvocationOf<'generate'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const { maxNewTokens = COMPLETION_TOKENS, json } = invocation;
  const model = modelChoice(invocation.model, 'complete');
  const options = { ...samplingOf(invocation), maxNewTokens };
  const text = await readSource(invocation.source, 'complete', terminal);
  const answer = asFarAsItCame(
    await engine.complete({ model, text, options }, streamed(json, terminal)),
  );
  terminal.out(json ? toJsonLine(answer) : '\n');
  noteSeed(invocation, answer, terminal);
  if (!json) {
    // A text may be complete.
    const warnings = answer.warnings.filter(({ kind }) => kind !== 'empty');
    noteWarnings({ ...answer, warnings }, 'complete', model, terminal);
    noteUnsure(answer, terminal);
  }
  return statusOf(answer, terminal);
}

async function textToText(
  engine: Engine,
  task: 'translate' | 'summarize',
  invocation: InvocationOf<'generate'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const { maxNewTokens, languages, json } = invocation;
  const model = modelChoice(invocation.model, task);
  const options = {
    ...samplingOf(invocation),
    ...(maxNewTokens === undefined ? {} : { maxNewTokens }),
  };
  const text = await readSource(invocation.source, task, terminal);
  const format = formatOf(invocation.source);
  const params = { model, text, format, options };
  const answer = asFarAsItCame(
    task === 'translate'
      ? await engine.translate({ ...params, languages }, streamed(json, terminal))
      : await engine.summarize(params, streamed(json, terminal)),
  );
  if (json) {
    const { text, parts, ...rest } = answer;
    terminal.out(
      toJsonLine({
        text,
        tokens: parts.flatMap(({ tokens }) => tokens),
        parts: parts.map(({ source, text }) => ({ source, text })),
        ...rest,
      }),
    );
  } else {
    terminal.out(answer.text.endsWith('\n') ? '' : '\n');
    const nothing =
      answer.stop !== 'cancelled' &&
      answer.parts.length > 0 &&
      answer.parts.every(({ text }) => text.trim() === '');
    noteWarnings({ ...answer, nothing }, task, model, terminal);
    noteUnsure(answer, terminal);
  }
  noteSeed(invocation, answer, terminal);
  return statusOf(answer, terminal);
}

/** Names the words of a result that the model was least sure of, which an editor marks. */
function noteUnsure(
  { text, unsure }: { text: string; unsure: readonly UnsureWord[] },
  terminal: Terminal,
): void {
  if (unsure.length > 0) {
    terminal.note(`Least sure of (probability): ${show.formatUnsureWords(text, unsure)}`);
  }
}

/** A seed is for drawing; who gives one in vain thinks that something is drawn. */
function noteSeed(
  { seed }: InvocationOf<'generate'>,
  { sampled }: { sampled: boolean },
  terminal: Terminal,
): void {
  if (seed !== undefined && !sampled) {
    terminal.note(
      '--seed has no effect: no token is drawn at random without --temperature above 0',
    );
  }
}

/** Warnings are of a whole result: a text that was stopped has none. */
function asFarAsItCame<T extends Outcome>(answer: T): T {
  return answer.stop === 'cancelled' ? { ...answer, warnings: [] } : answer;
}

/** Says when a text was stopped before its end. */
function statusOf(
  { stop, text }: { stop: StopReason; text: string },
  terminal: Terminal,
): ExitStatus {
  if (stop !== 'cancelled') {
    return DONE;
  }
  const came = text.trim() !== '';
  terminal.note(came ? 'stopped; what came is above' : 'stopped before any text came');
  return STOPPED;
}

async function fill(
  engine: Engine,
  { source, count, json, ...given }: InvocationOf<'fill'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const model = modelChoice(given.model, 'fillMask');
  const text = await readSource(source, 'fill', terminal);
  const answer = await engine.fillMask({ model, text, blank: findMask(text), count }, noProgress());
  terminal.out(json ? toJsonLine(answer) : show.formatCandidates(answer.candidates));
  if (!json) {
    noteWarnings(answer, 'fillMask', model, terminal);
  }
  return DONE;
}

function formatOf(source: TextSource): TextFormat {
  return typeof source === 'object' && 'file' in source ? formatOfFile(source.file) : 'plain';
}

/** How the next token is chosen. */
function samplingOf({ temperature, beams, seed }: InvocationOf<'generate'>): {
  temperature?: number;
  beams?: number;
  seed?: number;
} {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(beams === undefined ? {} : { beams }),
    ...(seed === undefined ? {} : { seed }),
  };
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
function noteWarnings(outcome: Outcome, task: Task, model: ModelChoice, terminal: Terminal): void {
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
  if (outcome.nothing === true) {
    terminal.note('The model wrote nothing.');
  }
  for (const sentence of warningSentences(outcome, task, model)) {
    terminal.note(inEnglish(sentence));
  }
}
