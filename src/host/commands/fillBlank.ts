import * as vscode from 'vscode';
import type { FilledBlank } from '../../shared/generation';
import { percent } from '../../shared/percent';
import { probabilityBar } from '../../wording/probabilityBar';
import { BlankPreview } from '../editor/blankPreview';
import type { EngineClient } from '../engine/engineClient';
import { showError } from '../messages';
import { escapeForLabel, escapeForMessage } from '../escapeText';
import { readSettings } from '../settings';
import { findBlank, type Blank } from './blank';
import { reportWarnings } from './reportWarnings';
import { activeEditor, reportUsedSelection } from './selection';
import { isTrusted } from './trust';

export interface FillDependencies {
  engine: EngineClient;
  log: vscode.LogOutputChannel;
}

/** More than one looks through. */
const CANDIDATES = 10;

/** Headlight: Fill In the Blank. Offers what a model would put into a `[MASK]` or for a word. */
export async function fillBlank(dependencies: FillDependencies): Promise<void> {
  const editor = isTrusted() ? activeEditor() : undefined;
  if (!editor) {
    return;
  }
  const blank = blankAt(editor);
  if (!blank) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'There is no blank here: select one word, or write [MASK] where one is missing.',
      ),
    );
    return;
  }
  if (editor.selections.length > 1) {
    reportUsedSelection(blank.context.slice(blank.inContext.start, blank.inContext.end));
  }
  const { document } = editor;
  const start = document.offsetAt(new vscode.Position(blank.line, blank.columns.start));
  const end = document.offsetAt(new vscode.Position(blank.line, blank.columns.end));
  const preview = new BlankPreview(editor, { start, end });
  try {
    const text = await pick(dependencies, editor, blank, preview);
    if (text !== undefined) {
      await replace(editor, preview.range, text);
    }
  } catch (error) {
    showError(error, dependencies.log);
  } finally {
    preview.dispose();
  }
}

function blankAt({ document, selection }: vscode.TextEditor): Blank | undefined {
  const word = document.getWordRangeAtPosition(selection.active);
  return findBlank(
    { count: document.lineCount, at: (line) => document.lineAt(line).text },
    selection,
    word && { start: word.start.character, end: word.end.character },
  );
}

/**
 * Lets the user pick what goes into a blank; the list is there at once and fills up when the model
 * has answered.
 * @returns nothing when the user thinks better of it.
 * @throws Failure
 */
async function pick(
  { engine, log }: FillDependencies,
  { document }: vscode.TextEditor,
  { context, inContext }: Blank,
  preview: BlankPreview,
): Promise<string | undefined> {
  const model = readSettings(document.uri).models.fillMask;
  const original = context.slice(inContext.start, inContext.end);
  const controller = new AbortController();
  const list = vscode.window.createQuickPick<CandidateItem>();
  list.title = vscode.l10n.t('Fill In the Blank');
  list.placeholder = vscode.l10n.t('The model is reading…');
  list.busy = true;
  try {
    const accepted = new Promise<string>((resolve) => {
      list.onDidAccept(() => {
        const [item] = list.selectedItems;
        if (item) {
          resolve(item.text);
        }
      });
    });
    const hidden = new Promise<undefined>((resolve) => {
      list.onDidHide(() => {
        resolve(undefined);
        controller.abort();
      });
    });
    list.onDidChangeActive(([item]) => preview.show(item?.text ?? ''));
    list.show();
    const filling = engine.call(
      'fillMask',
      { model, text: context, blank: inContext, count: CANDIDATES },
      { signal: controller.signal },
    );
    // Who has left the list wants no answer, and no message about one.
    const filled = await Promise.race([filling, hidden]);
    if (!filled) {
      return undefined;
    }
    list.items = itemsOf(filled, original);
    list.busy = false;
    list.placeholder =
      list.items.length > 0
        ? vscode.l10n.t('What should go here?')
        : vscode.l10n.t('The model has no word for this blank.');
    reportWarnings({ ...filled, task: 'fillMask', model }, engine, log);
    return await Promise.race([accepted, hidden]);
  } finally {
    list.dispose();
  }
}

interface CandidateItem extends vscode.QuickPickItem {
  /** What goes into the document. */
  text: string;
}

const ONE_DECIMAL = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

function itemsOf({ candidates }: FilledBlank, original: string): CandidateItem[] {
  return candidates.flatMap(({ text: token, probability }) => {
    const text = token.trim();
    const asItIs = text === original ? [vscode.l10n.t('as it is')] : [];
    const share = percent(probability, vscode.env.language, ONE_DECIMAL);
    const description = [share, probabilityBar(probability), ...asItIs].join('  ');
    return text === '' ? [] : [{ label: escapeForLabel(text), text, description }];
  });
}

/** Puts a text where the blank is, as one undo step. */
async function replace(
  editor: vscode.TextEditor,
  range: vscode.Range | undefined,
  text: string,
): Promise<void> {
  if (!range) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing was filled in: the blank has been changed in the meantime.'),
    );
    return;
  }
  const { version, fileName } = editor.document;
  if (editor.document.getText(range) === text) {
    return;
  }
  const done = await editor
    .edit((edit) => edit.replace(range, text))
    // An editor that was closed meanwhile.
    .then(undefined, () => false);
  // A read-only editor says that it is done and has done nothing.
  if (!done || editor.document.version === version) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing was filled in: “{0}” cannot be edited.', escapeForMessage(fileName)),
    );
  }
}
