import * as path from 'node:path';
import * as vscode from 'vscode';
import type { TextToTextResult, TextFormat } from '../../shared/textToText';
import type { RequestedLanguages, ModelChoice, Task } from '../../shared/modelSummary';
import { formatOfLanguage } from '../../shared/textFormat';
import type { ResultWriters } from '../editor/resultWriters';
import type { ResultStream, ResultWriter, CompletedPart } from '../editor/resultWriter';
import type { EngineClient } from '../engine/engineClient';
import { showError } from '../messages';
import { readSettings } from '../settings';
import {
  commentLinePrefix,
  withinComment,
  withLinePrefix,
  wordsWithLinePrefix,
} from './commentMarkers';
import { linkLabelsIn } from './linkLabels';
import { LeadingTextBuffer } from './leadingText';
import { WritingProgress } from './writingProgress';
import { reportWarnings } from './reportWarnings';
import { isMarkupDocument } from './prose';
import type { RunningTasks } from './runningTasks';
import { selectedTextsOrParagraphs, type SelectedText } from './selection';
import { runOneByOne } from './batch';
import { mergeOutcomes } from './mergeOutcomes';
import { translationLanguages } from './translationLanguages';
import { isTrusted } from './trust';
import { refuseSecondTask, reportSpeed, finishWriting, writingTaskName } from './writing';

export interface TextToTextDependencies {
  engine: EngineClient;
  tasks: RunningTasks;
  writers: ResultWriters;
  log: vscode.LogOutputChannel;
}

/** The text-to-text tasks. */
export type TextToTextTask = Extract<Task, 'translate' | 'summarize'>;

/**
 * Headlight: Translate Selection, Headlight: Summarize Selection. Shows what comes in a document
 * beside, or in place of the selections, where it is written at once at the end.
 */
export async function textToTextSelection(
  dependencies: TextToTextDependencies,
  task: TextToTextTask,
): Promise<void> {
  const selected = isTrusted() ? selectedTextsOrParagraphs() : undefined;
  if (!selected) {
    return;
  }
  const { engine, tasks, writers, log } = dependencies;
  const { document } = selected;
  const { models, resultPlacement, languages: asked } = readSettings(document.uri);
  const inPlace = resultPlacement === 'inPlace';
  const name = inPlace ? writingTaskName(document) : `${task} ${document.uri.toString()}`;
  if (tasks.isRunning(name)) {
    refuseSecondTask(
      tasks,
      name,
      inPlace
        ? vscode.l10n.t('Headlight is already writing in this document.')
        : vscode.l10n.t('Headlight is already at work on this document.'),
    );
    return;
  }
  const titles: Record<TextToTextTask, string> = {
    translate: vscode.l10n.t('Headlight is translating the selection'),
    summarize: vscode.l10n.t('Headlight is summarizing the selection'),
  };
  const format = formatOfLanguage(document.languageId);
  const sources = selected.texts.map((selection): Source => {
    if (task === 'translate') {
      const labels = format === 'plain' ? [] : linkLabelsIn(selection.text, document.getText());
      return { ...selection, linePrefix: '', labels };
    }
    const source = wordsOf(selection);
    return { ...source, linePrefix: inPlace ? linePrefixOf(document, source) : '' };
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
      const writingProgress = new WritingProgress(progress);
      const languagesOf =
        task === 'translate' ? translationLanguages(engine, job.model, asked, signal) : undefined;
      const results = await finishWriting(
        { writers, log, progress },
        writer,
        document,
        runOneByOne(sources, writer.streams, async (source, stream) => {
          const languages = await languagesOf?.(source.text);
          return runOnText(engine, job, source, languages, stream, signal, writingProgress);
        }),
      );
      if (results) {
        report(dependencies, job, results);
      }
    });
  } catch (error) {
    showError(error, log);
  }
}

interface Job {
  task: TextToTextTask;
  model: ModelChoice;
  format: TextFormat;
  writer: ResultWriter;
}

interface Source extends SelectedText {
  /** Prefix of further lines of the result. */
  linePrefix: string;
  /** For a translation: labels of links that the text mentions. */
  labels?: string[];
}

async function runOnText(
  engine: EngineClient,
  { task, model, format }: Job,
  { text, linePrefix, labels }: Source,
  languages: RequestedLanguages | undefined,
  stream: ResultStream,
  signal: AbortSignal,
  writingProgress: WritingProgress,
): Promise<TextToTextResult> {
  const leadingText = new LeadingTextBuffer();
  const pieces: string[] = [];
  // Models are trained on line feeds, whatever line ends the document has.
  const source = text.replaceAll('\r\n', '\n');
  let came = 0;
  let from = 0;
  let whole: CompletedPart = { length: 0, source: '' };
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
          const piece = withLinePrefix(own, linePrefix);
          came += piece.length;
          stream.append(piece);
        }
        writingProgress.token(step);
      },
    },
  );
  const result = await call.catch((error: unknown) => {
    breakOff();
    throw error;
  });
  if (result.stop === 'cancelled') {
    breakOff();
  }
  stream.markUnsure(wordsWithLinePrefix(pieces, result.unsure, linePrefix));
  return result;
}

/** The document that takes results: what it is called, and how its text is set. */
function besideOf(
  document: vscode.TextDocument,
  task: TextToTextTask,
): { name: string; language: string; source: vscode.Uri } {
  const { uri, languageId } = document;
  const source = path.posix.basename(uri.path);
  const title =
    task === 'translate'
      ? vscode.l10n.t('Translation of {0}', source)
      : vscode.l10n.t('Summary of {0}', source);
  // Of code alone, a result without its surroundings would be full of errors.
  const isProse = isMarkupDocument(document);
  return {
    // Saved as a file it is opened as what it is.
    name: isProse || path.posix.extname(source) === '.txt' ? title : `${title}.txt`,
    language: isProse ? languageId : 'plaintext',
    source: uri,
  };
}

/**
 * The words that a summary replaces, so that a comment stays a comment. A translation copies the markers
 * itself.
 */
function wordsOf(selected: SelectedText): SelectedText {
  const { start, end } = withinComment(selected.text);
  return {
    ...selected,
    text: selected.text.slice(start, end),
    start: selected.start + start,
    end: selected.start + end,
  };
}

/** Prefix of every line of a comment; none in prose, where headings look like comments. */
function linePrefixOf(document: vscode.TextDocument, { start }: SelectedText): string {
  if (isMarkupDocument(document)) {
    return '';
  }
  const { line, character } = document.positionAt(start);
  return commentLinePrefix(document.lineAt(line).text.slice(0, character));
}

function report(
  { engine, log }: TextToTextDependencies,
  { task, model, writer }: Job,
  results: readonly TextToTextResult[],
): void {
  const nothing = writer.text === '';
  reportWarnings({ ...mergeOutcomes(results), task, model, nothing }, engine, log);
  if (!nothing) {
    reportSpeed(
      results.map(({ parts, timing }) => ({
        tokens: parts.reduce((sum, { tokens }) => sum + tokens.length, 0),
        timing,
      })),
    );
  }
}
