// Stands in for 'vscode' where the panel's host runs without a workbench: just what it needs.
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../support/root';

/** The languages that the panel is tried in; `pseudo` is English, and 1.8 times as long. */
export type Language = 'en' | 'zh-cn' | 'pseudo';

let language: Language = 'en';
let bundle: Record<string, string> = {};

/** Has {@link l10n} speak another language from now on. */
export function speak(chosen: Language): void {
  language = chosen;
  bundle = chosen === 'zh-cn' ? readBundle() : {};
}

function readBundle(): Record<string, string> {
  const file = path.join(root, 'l10n/bundle.l10n.zh-cn.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}

export const l10n = {
  /** As the workbench has it: the sentences of the language by the English ones, none in English. */
  get bundle(): Record<string, string> | undefined {
    switch (language) {
      case 'en':
        return undefined;
      case 'zh-cn':
        return bundle;
      case 'pseudo':
        return Object.fromEntries(Object.keys(readBundle()).map((key) => [key, lengthened(key)]));
    }
  },
  t(message: string, ...args: (string | number)[]): string {
    const text = language === 'pseudo' ? lengthened(message) : (bundle[message] ?? message);
    return text.replace(/\{(\d+)\}/g, (whole, index: string) =>
      String(args[Number(index)] ?? whole),
    );
  },
};

export const env = {
  get language(): string {
    return language === 'pseudo' ? 'en' : language;
  },
  clipboard: {
    writeText: (text: string) => {
      copied = text;
      return Promise.resolve();
    },
  },
};

export const Uri = {
  joinPath(
    base: { path: string; fsPath?: string },
    ...parts: string[]
  ): { path: string; fsPath: string } {
    return {
      path: path.posix.join(base.path, ...parts),
      fsPath: path.join(base.fsPath ?? root, ...parts),
    };
  },
};

/** A sentence that is 1.8 times as long, of the same words: translations can be. */
function lengthened(message: string): string {
  const words = message.replaceAll(/\{\d+\}/g, '').split(' ');
  let text = message;
  for (let index = 0; text.length < message.length * 1.8; index++) {
    text += ` ${words[index % words.length] || 'of'}`;
  }
  return text;
}

let saveTarget: string | undefined;

/** Has the dialog for saving answer with a file from now on. */
export function saveTo(file: string): void {
  saveTarget = file;
}

let selection = '';

/** Has an editor beside the view in which a text is selected from now on. */
export function select(text: string): void {
  selection = text;
}

export const window = {
  showSaveDialog: () => Promise.resolve(saveTarget && { fsPath: saveTarget }),
  get visibleTextEditors() {
    return [{ document: { getText: () => selection }, selection: undefined }];
  },
};

let copied = '';

/** What was put on the clipboard last. */
export function clipboardText(): string {
  return copied;
}

/** No Git, nor anything else that others bring. */
export const extensions = { getExtension: () => undefined };

let isTrusted = true;

/** Has the workspace be one that the user trusts or does not, from now on. */
export function trust(answer: boolean): void {
  isTrusted = answer;
}

export const workspace = {
  get isTrusted(): boolean {
    return isTrusted;
  },
  fs: {
    readFile: ({ fsPath }: { fsPath: string }) => readFile(fsPath),
    writeFile: ({ fsPath }: { fsPath: string }, bytes: Uint8Array) => writeFile(fsPath, bytes),
  },
};
