import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../root';

/** A place in the source, for a message. */
export interface Place {
  /** Relative to the root, with forward slashes. */
  file: string;
  /** From 1. */
  line: number;
}

/** A call that hands over a sentence to be translated: `phrase(…)`, `l10n.t(…)`. */
export interface Call extends Place {
  /** The sentence; absent where the first argument is no literal. */
  key?: string;
  /** Name of the innermost named function around it. */
  within?: string;
}

/** Parses the TypeScript files of some folders, tests and declarations aside. */
export function parseFolders(...folders: string[]): ts.SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
      .map((name) => path.join(folder, name).replaceAll(path.sep, '/'))
      .sort()
      .map((file) => parseText(file, readFileSync(path.join(root, file), 'utf8'))),
  );
}

export function parseText(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

/** Every call of `phrase`, `l10n.t` and `vscode.l10n.t`. */
export function translationCalls(source: ts.SourceFile): Call[] {
  return nodesOf(source)
    .filter(ts.isCallExpression)
    .filter(isTranslation)
    .map((call) => {
      const [first] = call.arguments;
      const within = functionAround(call);
      return {
        ...placeOf(call),
        ...(first && ts.isStringLiteralLike(first) ? { key: first.text } : {}),
        ...(within === undefined ? {} : { within }),
      };
    });
}

/** A call of `phrase`, `l10n.t` or `vscode.l10n.t`. */
export function isTranslation({ expression }: ts.CallExpression): boolean {
  return ts.isIdentifier(expression)
    ? expression.text === 'phrase'
    : ts.isPropertyAccessExpression(expression) &&
        expression.name.text === 't' &&
        lastName(expression.expression) === 'l10n';
}

/** `c` of `a.b.c`. */
export function lastName(expression: ts.Expression): string | undefined {
  return ts.isIdentifier(expression)
    ? expression.text
    : ts.isPropertyAccessExpression(expression)
      ? expression.name.text
      : undefined;
}

function functionAround(node: ts.Node): string | undefined {
  const declaration = ts.findAncestor(node, ts.isFunctionDeclaration);
  return declaration?.name?.text;
}

/** All nodes below one. */
export function nodesOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child, ...nodesOf(child));
  });
  return children;
}

export function placeOf(node: ts.Node): Place {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { file: source.fileName, line: line + 1 };
}
