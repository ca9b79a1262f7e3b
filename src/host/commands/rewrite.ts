import * as path from 'node:path';
import * as vscode from 'vscode';
import type {
  LanguagesAsked,
  ModelChoice,
  Rewriting,
  Task,
  TextFormat,
} from '../../shared/engineApi';
import { formatOfLanguage } from '../../shared/textFormat';
import type { ResultWriters } from '../editor/resultWriters';
import type { ResultStream, ResultWriter, WholePart } from '../editor/resultWriter';
import type { EngineClient } from '../engine/engineClient';
import { showError } from '../messages';
import { readSettings } from '../settings';
import { lineMark, withinComment, withMark, wordsWithMark } from './commentMarkers';
import { labelsIn } from './linkLabels';
import { LeadingTextBuffer } from './leadingText';
import { Pace } from './pace';
import { reportWarnings } from './reportWarnings';
import { isMarkedUp } from './runningText';
import type { RunningTasks } from './runningTasks';
import { selectedTextsOrParagraphs, type SelectedText } from './selection';
import { inTurn } from './served';
import { mergeOutcomes } from './mergeOutcomes';
import { translationLanguages } from './translationLanguages';
import { isTrusted } from './trust';
import { refuseSecond, reportSpeed, written, writingIn } from './writing';

export interface RewriteDependencies {
  engine: EngineClient;
  tasks: RunningTasks;
  writers: ResultWriters;
  log: vscode.LogOutputChannel;
}

/** The tasks that make another text of a text. */
export type RewritingTask = Extract<Task, 'translate' | 'summarize'>;

/**
 * Headlight: Translate Selection, Headlight: Summarize Selection. Shows what comes in a document
 * beside, or in place of the selections, where it is written at once at the end.
 */
export async function rewriteSelection(
  dependencies: RewriteDependencies,
  task: RewritingTask,
): Promise<void> {
  const selected = isTrusted() ? selectedTextsOrParagraphs() : undefined;
  if (!selected) {
    return;
  }
  const { engine, tasks, writers, log } = dependencies;
  const { document } = selected;
  const { models, resultPlacement, languages: asked } = readSettings(document.uri);
  const inPlace = resultPlacement === 'inPlace';
  const name = inPlace ? writingIn(document) : `${task} ${document.uri.toString()}`;
  if (tasks.isRunning(name)) {
    refuseSecond(
      tasks,
      name,
      inPlace
        ? vscode.l10n.t('Headlight is already writing in this document.')
        : vscode.l10n.t('Headlight is already at work on this document.'),
    );
    return;
  }
  const titles: Record<RewritingTask, string> = {
    translate: vscode.l10n.t('Headlight is translating the selection'),
    summarize: vscode.l10n.t('Headlight is summarizing the selection'),
  };
  const format = formatOfLanguage(document.languageId);
  const sources = selected.texts.map((selection): Source => {
    if (task === 'translate') {
      const labels = format === 'plain' ? [] : labelsIn(selection.text, document.getText());
      return { ...selection, mark: '', labels };
    }
    const source = wordsOf(selection);
    return { ...source, mark: inPlace ? markOf(document, source) : '' };
  });
  const stop = (): void => tasks.stop(name);
  // From now on the places move along with the text before them.
  const writer: ResultWriter = inPlace
    ? writers.inDocument(document, sources, 'instead', stop)
    : writers.beside(besideOf(document, task), sources.length, stop);
  const job: Job = {
    task,
    model: models[task],
    format,
    writer,
  };
  try {
    await tasks.run(name, titles[task], async ({ signal }, progress) => {
      const pace = new Pace(progress);
      const languagesOf =
        task === 'translate' ? translationLanguages(engine, job.model, asked, signal) : undefined;
      const rewritings = await written(
        { writers, log, progress },
        writer,
        document,
        inTurn(sources, writer.streams, async (source, stream) => {
          const languages = await languagesOf?.(source.text);
          return rewrite(engine, job, source, languages, stream, signal, pace);
        }),
      );
      if (rewritings) {
        report(dependencies, job, rewritings);
      }
    });
  } catch (error) {
    showError(error, log);
  }
}

interface Job {
  task: RewritingTask;
  model: ModelChoice;
  format: TextFormat;
  writer: ResultWriter;
}

interface Source extends SelectedText {
  /** What further lines of the result begin with. */
  mark: string;
  /** For a translation: labels of links that the text mentions. */
  labels?: string[];
}

async function rewrite(
  engine: EngineClient,
  { task, model, format }: Job,
  { text, mark, labels }: Source,
  languages: LanguagesAsked | undefined,
  stream: ResultStream,
  signal: AbortSignal,
  pace: Pace,
): Promise<Rewriting> {
  const leadingText = new LeadingTextBuffer();
  const pieces: string[] = [];
  // Models are trained on line feeds, whatever line ends the document has.
  const source = text.replaceAll('\r\n', '\n');
  let came = 0;
  let from = 0;
  let whole: WholePart = { length: 0, source: '' };
  const breakOff = (): void => stream.breakOff(task === 'translate' ? whole : undefined);
  const call = engine.call(
    task,
    {
      model,
      text: source,
      format,
      options: {},
      ...(labels === undefined ? {} : { labels }),
      ...(languages === undefined ? {} : { languages }),
    },
    {
      signal,
      onProgress: (step) => {
        if (!signal.aborted) {
          if (step.from !== from) {
            from = step.from;
            whole = { length: came, source: source.slice(0, from) };
          }
          const own = leadingText.push(step);
          pieces.push(own);
          const piece = withMark(own, mark);
          came += piece.length;
          stream.append(piece);
        }
        pace.token(step);
      },
    },
  );
  const rewriting = await call.catch((error: unknown) => {
    breakOff();
    throw error;
  });
  if (rewriting.stop === 'cancelled') {
    breakOff();
  }
  stream.markUnsure(wordsWithMark(pieces, rewriting.unsure, mark));
  return rewriting;
}

/** The document that takes results: what it is called, and how its text is set. */
function besideOf(
  document: vscode.TextDocument,
  task: RewritingTask,
): { name: string; language: string; source: vscode.Uri } {
  const { uri, languageId } = document;
  const source = path.posix.basename(uri.path);
  const title =
    task === 'translate'
      ? vscode.l10n.t('Translation of {0}', source)
      : vscode.l10n.t('Summary of {0}', source);
  // Of code alone, a result without its surroundings would be full of errors.
  const isProse = isMarkedUp(document);
  return {
    // Saved as a file it is opened as what it is.
    name: isProse || path.posix.extname(source) === '.txt' ? title : `${title}.txt`,
    language: isProse ? languageId : 'plaintext',
    source: uri,
  };
}

/** What a summary takes the place of; a comment stays a comment. A translation copies the rest. */
function wordsOf(selected: SelectedText): SelectedText {
  const { start, end } = withinComment(selected.text);
  return {
    ...selected,
    text: selected.text.slice(start, end),
    start: selected.start + start,
    end: selected.start + end,
  };
}

/** What every line of a comment begins with; headings of prose look like one and are none. */
function markOf(document: vscode.TextDocument, { start }: SelectedText): string {
  if (isMarkedUp(document)) {
    return '';
  }
  const { line, character } = document.positionAt(start);
  return lineMark(document.lineAt(line).text.slice(0, character));
}

function report(
  { engine, log }: RewriteDependencies,
  { task, model, writer }: Job,
  rewritings: readonly Rewriting[],
): void {
  const nothing = writer.text === '';
  reportWarnings({ ...mergeOutcomes(rewritings), task, model, nothing }, engine, log);
  if (!nothing) {
    reportSpeed(
      rewritings.map(({ parts, timing }) => ({
        tokens: parts.reduce((sum, { tokens }) => sum + tokens.length, 0),
        timing,
      })),
    );
  }
}
