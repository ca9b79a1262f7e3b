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

/** A literal that users see in one language only. */
export interface Untranslated extends Place {
  text: string;
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
        ...placeOf(call, source),
        ...(first && ts.isStringLiteralLike(first) ? { key: first.text } : {}),
        ...(within === undefined ? {} : { within }),
      };
    });
}

/** Functions of the editor that show their arguments. */
const SHOWING = new Set([
  'showInformationMessage',
  'showWarningMessage',
  'showErrorMessage',
  'showQuickPick',
  'setStatusBarMessage',
]);

/** Properties that the editor shows, of its own objects and of the options it is given. */
const SHOWN = new Set([
  'description',
  'detail',
  'label',
  'message',
  'openLabel',
  'placeHolder',
  'placeholder',
  'prompt',
  'saveLabel',
  'title',
  'tooltip',
]);

/** Attributes of elements that users see or hear. */
const SHOWN_ATTRIBUTES = new Set(['alt', 'aria-label', 'placeholder', 'title']);

/** Literals with letters that components show, and that went through no translation. */
export function untranslatedInView(source: ts.SourceFile): Untranslated[] {
  return nodesOf(source)
    .flatMap((node) => {
      if (ts.isJsxText(node)) {
        return [node];
      }
      if (ts.isJsxAttribute(node)) {
        const { name, initializer } = node;
        return initializer !== undefined && SHOWN_ATTRIBUTES.has(name.getText(source))
          ? valuesOf(initializer)
          : [];
      }
      // The children of an element; those of an attribute are not.
      return ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) ? valuesOf(node) : [];
    })
    .map((literal) => ({ ...placeOf(literal, source), text: literal.text.trim() }))
    .filter(({ text }) => /\p{L}/u.test(text));
}

function valuesOf(value: ts.JsxAttributeValue): ts.LiteralLikeNode[] {
  const expression = ts.isJsxExpression(value) ? value.expression : value;
  return expression === undefined ? [] : literalsOf(expression);
}

/** Literals with letters that stand where the editor shows them, and went through no translation. */
export function untranslated(source: ts.SourceFile): Untranslated[] {
  return nodesOf(source)
    .flatMap((node) => shownBy(node))
    .flatMap((expression) => literalsOf(expression))
    .map((literal) => ({ ...placeOf(literal, source), text: literal.text }))
    .filter(({ text }) => /\p{L}/u.test(text.replaceAll(/\$\([^)]*\)/g, '')));
}

/** What a node hands to the editor to be shown, if anything. */
function shownBy(node: ts.Node): ts.Expression[] {
  if (ts.isCallExpression(node)) {
    return SHOWING.has(lastName(node.expression) ?? '') ? [...node.arguments] : [];
  }
  if (ts.isPropertyAssignment(node) && !ts.isComputedPropertyName(node.name)) {
    return SHOWN.has(node.name.text) ? [node.initializer] : [];
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const isShown =
      ts.isPropertyAccessExpression(node.left) &&
      (SHOWN.has(node.left.name.text) || node.left.name.text === 'text');
    return isShown ? [node.right] : [];
  }
  return [];
}

/** The literals that an expression's value is made of; what calls answer is their own affair. */
function literalsOf(expression: ts.Expression): ts.LiteralLikeNode[] {
  if (ts.isStringLiteralLike(expression)) {
    return [expression];
  }
  if (ts.isTemplateExpression(expression)) {
    const parts = expression.templateSpans;
    return [
      expression.head,
      ...parts.flatMap((part) => [...literalsOf(part.expression), part.literal]),
    ];
  }
  if (ts.isConditionalExpression(expression)) {
    return [...literalsOf(expression.whenTrue), ...literalsOf(expression.whenFalse)];
  }
  if (ts.isBinaryExpression(expression) && !isComparison(expression)) {
    return [...literalsOf(expression.left), ...literalsOf(expression.right)];
  }
  if (ts.isArrayLiteralExpression(expression)) {
    return expression.elements.flatMap(literalsOf);
  }
  if (ts.isParenthesizedExpression(expression) || ts.isSpreadElement(expression)) {
    return literalsOf(expression.expression);
  }
  return [];
}

/** What is compared is not what comes of it. */
function isComparison({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return (
    kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsEqualsToken
  );
}

function isTranslation({ expression }: ts.CallExpression): boolean {
  return ts.isIdentifier(expression)
    ? expression.text === 'phrase'
    : ts.isPropertyAccessExpression(expression) &&
        expression.name.text === 't' &&
        lastName(expression.expression) === 'l10n';
}

/** `c` of `a.b.c`. */
function lastName(expression: ts.Expression): string | undefined {
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

function nodesOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child, ...nodesOf(child));
  });
  return children;
}

function placeOf(node: ts.Node, source: ts.SourceFile): Place {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { file: source.fileName, line: line + 1 };
}
