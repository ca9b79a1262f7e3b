import ts from 'typescript';
import { literalsOf, type Sources } from './literals';
import { isTranslation, lastName, nodesOf, placeOf, type Place } from './sentences';

/** A literal that users see in one language only. */
export interface Untranslated extends Place {
  text: string;
}

/** Functions and classes of the editor that show their arguments. */
const SHOWING = new Set([
  'appendMarkdown',
  'appendText',
  'MarkdownString',
  'setStatusBarMessage',
  'showErrorMessage',
  'showInformationMessage',
  'showQuickPick',
  'showWarningMessage',
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
const SHOWN_ATTRIBUTES = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'placeholder',
  'title',
]);

/** Keys of the keyboard, as events name them. */
const KEYS = /^(?:Arrow\w*|Page(?:Up|Down)|Home|End|Enter|Escape|Tab|Delete|Backspace)$/;

/**
 * Literals of a view with letters that were not translated: what its elements show, wherever it
 * comes from, and anything else that reads as a sentence, which some component will show.
 */
export function untranslatedInView(
  source: ts.SourceFile,
  sources: Sources = [source],
): Untranslated[] {
  const shown = nodesOf(source).flatMap((node): ts.LiteralLikeNode[] => {
    if (ts.isJsxText(node) || (isLiteral(node) && readsAsWords(node.text) && !isTechnical(node))) {
      return [node];
    }
    if (ts.isJsxAttribute(node)) {
      return shownByAttribute(node, sources);
    }
    // The children of an element; those of an attribute are not.
    return ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)
      ? valuesOf(node, sources)
      : [];
  });
  return reported(shown, (text) => text.trim());
}

function shownByAttribute(node: ts.JsxAttribute, sources: Sources): ts.LiteralLikeNode[] {
  const { name, initializer } = node;
  if (initializer === undefined) {
    return [];
  }
  const attribute = name.getText();
  const values = valuesOf(initializer, sources);
  if (SHOWN_ATTRIBUTES.has(attribute)) {
    return values;
  }
  if (!isOfComponent(node) || isOfClasses(attribute)) {
    return [];
  }
  // What a component does with a property is its own affair: of other names, what reads as words.
  return SHOWN.has(attribute) ? values : values.filter(({ text }) => readsAsWords(text));
}

function valuesOf(value: ts.JsxAttributeValue, sources: Sources): ts.LiteralLikeNode[] {
  const expression = ts.isJsxExpression(value) ? value.expression : value;
  return expression === undefined ? [] : literalsOf(expression, sources);
}

/**
 * Whether a text is made for people as far as its form tells: it begins with a capital, or has three
 * words, which names of classes, keys and ids seldom do.
 */
function readsAsWords(text: string): boolean {
  return (
    (/^\P{L}*\p{Lu}\p{Ll}/u.test(text) && !KEYS.test(text)) ||
    /(?:^|\s)\p{L}+[,;:]?\s+\p{L}+[,;:]?\s+\p{L}+(?=$|[\s.,;:!?…])/u.test(text)
  );
}

function isLiteral(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isTemplateHead(node)
  );
}

/** Whether a literal stands where no user sees it, or was handed over to be translated. */
function isTechnical(literal: ts.LiteralLikeNode): boolean {
  const { parent } = literal;
  const isNoValue =
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isLiteralTypeNode(parent) ||
    ts.isCaseClause(parent) ||
    (ts.isBinaryExpression(parent) && isComparison(parent));
  return (
    isNoValue ||
    ts.findAncestor(literal, (node) => {
      if (ts.isJsxAttribute(node)) {
        const attribute = node.name.getText();
        return isOfClasses(attribute) || (!isOfComponent(node) && !/^on[A-Z]/.test(attribute));
      }
      if (ts.isNewExpression(node)) {
        return lastName(node.expression)?.endsWith('Error') === true;
      }
      return ts.isCallExpression(node) && (isForDevelopers(node) || translates(node, literal));
    }) !== undefined
  );
}

/** Whether a call translates this literal. */
function translates(call: ts.CallExpression, literal: ts.LiteralLikeNode): boolean {
  const [first]: readonly ts.Node[] = call.arguments;
  return isTranslation(call) && first === literal;
}

/** `console.warn(…)`, `log.error(…)`. */
function isForDevelopers({ expression }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    ['debug', 'error', 'info', 'log', 'warn'].includes(expression.name.text)
  );
}

/** Whether an attribute is a component's property, and not an element's attribute. */
function isOfComponent({ parent }: ts.JsxAttribute): boolean {
  return /^\p{Lu}/u.test(parent.parent.tagName.getText());
}

function isOfClasses(attribute: string): boolean {
  return /class|style/i.test(attribute);
}

function isComparison({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return (
    kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsEqualsToken
  );
}

/** Literals with letters that stand where the editor shows them, and went through no translation. */
export function untranslated(source: ts.SourceFile, sources: Sources = [source]): Untranslated[] {
  return reported(
    nodesOf(source)
      .flatMap((node) => shownBy(node))
      .flatMap((expression) => literalsOf(expression, sources)),
    (text) => text,
  ).filter(({ text }) => /\p{L}/u.test(text.replaceAll(/\$\([^)]*\)/g, '')));
}

/** What a node hands to the editor to be shown, if anything. */
function shownBy(node: ts.Node): readonly ts.Expression[] {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    return SHOWING.has(lastName(node.expression) ?? '') ? (node.arguments ?? []) : [];
  }
  if (ts.isPropertyAssignment(node) && !ts.isComputedPropertyName(node.name)) {
    return SHOWN.has(node.name.text) ? [node.initializer] : [];
  }
  if (ts.isShorthandPropertyAssignment(node)) {
    return SHOWN.has(node.name.text) ? [node.name] : [];
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const isShown =
      ts.isPropertyAccessExpression(node.left) &&
      (SHOWN.has(node.left.name.text) || node.left.name.text === 'text');
    return isShown ? [node.right] : [];
  }
  return [];
}

/**
 * Sentences of phrases that are written down as objects, `{ text: 'Cannot …', args: [] }`: no
 * translation is held against what `phrase` was not called with.
 */
export function handmadePhrases(
  source: ts.SourceFile,
  sources: Sources = [source],
): Untranslated[] {
  return reported(
    nodesOf(source)
      .filter(ts.isObjectLiteralExpression)
      .flatMap(({ properties }) => {
        const valueOf = (name: string): ts.Node | undefined => {
          const property = properties.find((one) => one.name?.getText() === name);
          return (
            property && (ts.isPropertyAssignment(property) ? property.initializer : property.name)
          );
        };
        const text = valueOf('text');
        return text !== undefined && valueOf('args') !== undefined ? literalsOf(text, sources) : [];
      }),
    (text) => text,
  );
}

/** Each literal with letters once, where it stands. */
function reported(
  literals: readonly ts.LiteralLikeNode[],
  shown: (text: string) => string,
): Untranslated[] {
  return [...new Set(literals)]
    .map((literal) => ({ ...placeOf(literal), text: shown(literal.text) }))
    .filter(({ text }) => /\p{L}/u.test(text));
}
