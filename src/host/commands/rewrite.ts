import * as vscode from 'vscode';
import type {
  LanguagesAsked,
  ModelChoice,
  Rewriting,
  Task,
  TextFormat,
} from '../../shared/engineApi';
import { BesideStream } from '../editor/besideStream';
import { TextStream, type ResultStream } from '../editor/textStream';
import type { EngineClient } from '../engine/engineClient';
import { showError } from '../messages';
import { readSettings, type Settings } from '../settings';
import { lineMark, withinComment, withMark } from './commentMargins';
import { FirstWord } from './firstWord';
import { reportReservations } from './reservations';
import { isMarkedUp } from './runningText';
import type { RunningTasks } from './runningTasks';
import { selectedTextOrParagraph, type SelectedText } from './selection';
import { translationLanguages } from './translationLanguages';
import { isTrusted } from './trust';
import { refuseSecond, reportSpeed, written, writingIn } from './writing';

export interface RewriteDependencies {
  engine: EngineClient;
  tasks: RunningTasks;
  log: vscode.LogOutputChannel;
}

/** The tasks that make another text of a text. */
export type RewritingTask = Extract<Task, 'translate' | 'summarize'>;

/**
 * Headlight: Translate Selection, Headlight: Summarize Selection. Streams the result into a document
 * beside, or over the selection, as the settings say.
 */
export async function rewriteSelection(
  dependencies: RewriteDependencies,
  task: RewritingTask,
): Promise<void> {
  const selected = isTrusted() ? selectedTextOrParagraph() : undefined;
  if (!selected) {
    return;
  }
  const { tasks, log } = dependencies;
  const settings = readSettings(selected.document.uri);
  const inPlace = settings.resultPlacement === 'inPlace';
  const name = inPlace
    ? writingIn(selected.document)
    : `${task} ${selected.document.uri.toString()}`;
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
  const source = task === 'summarize' ? wordsOf(selected) : selected;
  // From now on the place moves along with the text before it.
  const stream = openStream(source, settings, () => tasks.stop(name));
  const job: Job = {
    task,
    model: settings.models[task],
    asked: task === 'translate' ? settings.languages : undefined,
    source: source.text,
    format: source.document.languageId === 'markdown' ? 'markdown' : 'plain',
    stream,
    mark: task === 'summarize' && inPlace ? markOf(source) : '',
  };
  try {
    await tasks.run(name, titles[task], ({ signal }, progress) =>
      write(dependencies, job, signal, progress),
    );
  } catch (error) {
    showError(error, log);
  }
}

interface Job {
  task: RewritingTask;
  model: ModelChoice;
  /** Languages of a translation, as far as the settings name them. */
  asked: LanguagesAsked | undefined;
  source: string;
  format: TextFormat;
  stream: ResultStream;
  /** What further lines of the result begin with. */
  mark: string;
}

async function write(
  dependencies: RewriteDependencies,
  { task, model, asked, source, format, stream, mark }: Job,
  signal: AbortSignal,
  progress: vscode.Progress<{ message: string }>,
): Promise<void> {
  const { engine } = dependencies;
  const firstWord = new FirstWord();
  let count = 0;
  const rewrite = async (): Promise<Rewriting> => {
    const languages = asked && (await translationLanguages(engine, model, source, asked));
    return engine.call(
      task,
      {
        model,
        // Models are trained on line feeds, whatever line ends the document has.
        text: source.replaceAll('\r\n', '\n'),
        format,
        options: {},
        ...(languages === undefined ? {} : { languages }),
      },
      {
        signal,
        onProgress: (step) => {
          const { token, part, parts } = step;
          if (!signal.aborted) {
            stream.append(withMark(firstWord.push(step), mark));
          }
          count += token === undefined ? 0 : 1;
          progress.report({
            message:
              parts > 1
                ? vscode.l10n.t('part {0} of {1}, {2} tokens', part + 1, parts, count)
                : vscode.l10n.t('{0} tokens', count),
          });
        },
      },
    );
  };
  const rewriting = await written(stream, rewrite());
  if (rewriting && rewriting.stop !== 'cancelled') {
    report(dependencies, { task, model, rewriting, nothing: !firstWord.found });
  }
}

function openStream(
  { document, start, end }: SelectedText,
  { resultPlacement }: Settings,
  onEnd: () => void,
): ResultStream {
  return resultPlacement === 'inPlace'
    ? new TextStream(document, { start, end }, onEnd)
    : new BesideStream(languageOfResult(document), onEnd);
}

/** Of code alone, a result without its surroundings would be full of errors. */
function languageOfResult(document: vscode.TextDocument): string {
  return isMarkedUp(document) ? document.languageId : 'plaintext';
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
function markOf({ document, start }: SelectedText): string {
  if (isMarkedUp(document)) {
    return '';
  }
  const { line, character } = document.positionAt(start);
  return lineMark(document.lineAt(line).text.slice(0, character));
}

function report(
  { engine, log }: RewriteDependencies,
  result: { task: RewritingTask; model: ModelChoice; rewriting: Rewriting; nothing: boolean },
): void {
  const { task, model, rewriting, nothing } = result;
  const { parts, timing } = rewriting;
  reportReservations({ ...rewriting, task, model, nothing }, engine, log);
  if (!nothing) {
    reportSpeed(
      parts.reduce((sum, { tokens }) => sum + tokens.length, 0),
      timing,
      log,
    );
  }
}
