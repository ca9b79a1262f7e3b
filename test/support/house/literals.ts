import path from 'node:path';
import ts from 'typescript';
import { lastName, nodesOf } from './sentences';

/** Parsed files, so that what one takes from another is found. */
export type Sources = readonly ts.SourceFile[];

/** Methods whose value is made of what they are called on. */
const PASSING = new Set([
  'at',
  'concat',
  'filter',
  'join',
  'replace',
  'replaceAll',
  'reverse',
  'slice',
  'sort',
  'toSorted',
  'toString',
  'trim',
]);

/** Functions whose value is made of what the function that they are given returns. */
const MAPPING = new Set(['map', 'flatMap', 'useMemo']);

/** Operators whose value is made of both sides. */
const JOINING: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
];

/** Operators whose value, where it is a text to be read, is that of the right side. */
const RIGHT: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.CommaToken,
  ts.SyntaxKind.EqualsToken,
];

/**
 * The literals that an expression's value may be made of: in it, in the variables it names, and in
 * what the functions that it calls return, of its file and of those it imports from. Parameters and
 * properties of anything but an object written down are not followed.
 */
export function literalsOf(
  expression: ts.Node,
  sources: Sources,
  seen: ReadonlySet<ts.Node> = new Set(),
): ts.LiteralLikeNode[] {
  const follow = (...nodes: readonly (ts.Node | undefined)[]): ts.LiteralLikeNode[] =>
    nodes.flatMap((node) =>
      node === undefined || seen.has(node)
        ? []
        : literalsOf(node, sources, new Set([...seen, expression])),
    );

  if (ts.isStringLiteralLike(expression)) {
    return [expression];
  }
  if (ts.isTemplateExpression(expression)) {
    return [
      expression.head,
      ...expression.templateSpans.flatMap(({ expression: part, literal }) => [
        ...follow(part),
        literal,
      ]),
    ];
  }
  if (ts.isConditionalExpression(expression)) {
    return follow(expression.whenTrue, expression.whenFalse);
  }
  if (ts.isBinaryExpression(expression)) {
    const { left, operatorToken, right } = expression;
    return JOINING.includes(operatorToken.kind)
      ? follow(left, right)
      : RIGHT.includes(operatorToken.kind)
        ? follow(right)
        : [];
  }
  if (ts.isArrayLiteralExpression(expression)) {
    return follow(...expression.elements);
  }
  if (isWrapper(expression)) {
    return follow(expression.expression);
  }
  if (ts.isIdentifier(expression)) {
    const declaration = declarationOf(expression, sources);
    return declaration !== undefined && ts.isVariableDeclaration(declaration)
      ? follow(declaration.initializer, ...assignedTo(declaration))
      : [];
  }
  if (ts.isElementAccessExpression(expression) || ts.isPropertyAccessExpression(expression)) {
    return follow(...propertiesRead(expression, sources));
  }
  return ts.isCallExpression(expression) ? follow(...partsOfCall(expression, sources)) : [];
}

/** What adds nothing to the value of the expression in it. */
function isWrapper(
  node: ts.Node,
): node is
  | ts.ParenthesizedExpression
  | ts.SpreadElement
  | ts.AsExpression
  | ts.SatisfiesExpression
  | ts.NonNullExpression
  | ts.AwaitExpression {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isSpreadElement(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAwaitExpression(node)
  );
}

/** What a call's value is made of. */
function partsOfCall(call: ts.CallExpression, sources: Sources): ts.Node[] {
  const { expression: callee, arguments: given } = call;
  const name = lastName(callee) ?? '';
  const [first] = given;
  if (MAPPING.has(name) && first !== undefined) {
    return returnsOf(first, sources);
  }
  if (ts.isPropertyAccessExpression(callee)) {
    return PASSING.has(name) ? [callee.expression, ...(name === 'concat' ? given : [])] : [];
  }
  return returnsOf(callee, sources);
}

/** What a function returns, which is written down or named. */
function returnsOf(callee: ts.Node, sources: Sources): ts.Expression[] {
  const named = ts.isIdentifier(callee) ? declarationOf(callee, sources) : callee;
  const written = named && ts.isVariableDeclaration(named) ? named.initializer : named;
  if (
    written === undefined ||
    !(
      ts.isArrowFunction(written) ||
      ts.isFunctionExpression(written) ||
      ts.isFunctionDeclaration(written)
    ) ||
    written.body === undefined
  ) {
    return [];
  }
  const { body } = written;
  return ts.isBlock(body)
    ? nodesOf(body)
        .filter(ts.isReturnStatement)
        .filter((statement) => ts.findAncestor(statement, ts.isFunctionLike) === written)
        .flatMap(({ expression }) => expression ?? [])
    : [body];
}

/** The values that may be read from an object or array that is written down or a variable's. */
function propertiesRead(
  access: ts.ElementAccessExpression | ts.PropertyAccessExpression,
  sources: Sources,
): ts.Node[] {
  const object = unwrapped(access.expression);
  const declaration = ts.isIdentifier(object) ? declarationOf(object, sources) : undefined;
  const written =
    declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer
      ? unwrapped(declaration.initializer)
      : object;
  if (ts.isArrayLiteralExpression(written)) {
    return ts.isElementAccessExpression(access) ? [...written.elements] : [];
  }
  if (!ts.isObjectLiteralExpression(written)) {
    return [];
  }
  return written.properties
    .filter(ts.isPropertyAssignment)
    .filter(
      ({ name }) => ts.isElementAccessExpression(access) || name.getText() === access.name.text,
    )
    .map(({ initializer }) => initializer);
}

function unwrapped(expression: ts.Expression): ts.Expression {
  return isWrapper(expression) ? unwrapped(expression.expression) : expression;
}

/** The variable or function that a name stands for where it is, if it is declared as one. */
function declarationOf(
  name: ts.Identifier,
  sources: Sources,
): ts.VariableDeclaration | ts.FunctionDeclaration | undefined {
  for (let scope: ts.Node = name.parent; ; scope = scope.parent) {
    const [found] = declaredIn(scope).filter((declaration) => declares(declaration, name.text));
    if (found !== undefined) {
      return ts.isImportSpecifier(found)
        ? exported(found, sources)
        : (ts.isVariableDeclaration(found) && ts.isIdentifier(found.name)) ||
            ts.isFunctionDeclaration(found)
          ? found
          : undefined;
    }
    if (ts.isSourceFile(scope)) {
      return undefined;
    }
  }
}

type Declaration =
  ts.VariableDeclaration | ts.FunctionDeclaration | ts.ParameterDeclaration | ts.ImportSpecifier;

/** What a scope declares by itself: the parameters of a function, the statements of a block. */
function declaredIn(scope: ts.Node): Declaration[] {
  if (ts.isFunctionLike(scope)) {
    return [...scope.parameters];
  }
  if ((ts.isForOfStatement(scope) || ts.isForStatement(scope)) && scope.initializer) {
    return ts.isVariableDeclarationList(scope.initializer)
      ? [...scope.initializer.declarations]
      : [];
  }
  if (!ts.isBlock(scope) && !ts.isSourceFile(scope) && !ts.isCaseOrDefaultClause(scope)) {
    return [];
  }
  return [...scope.statements].flatMap((statement): Declaration[] => {
    if (ts.isVariableStatement(statement)) {
      return [...statement.declarationList.declarations];
    }
    if (ts.isFunctionDeclaration(statement)) {
      return [statement];
    }
    const bindings = ts.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : undefined;
    return bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  });
}

function declares({ name }: Declaration, text: string): boolean {
  if (name === undefined) {
    return false;
  }
  return ts.isIdentifier(name)
    ? name.text === text
    : nodesOf(name).some(
        (node) =>
          ts.isBindingElement(node) && ts.isIdentifier(node.name) && node.name.text === text,
      );
}

/** What another file declares that is imported here. */
function exported(
  { name, propertyName, parent }: ts.ImportSpecifier,
  sources: Sources,
): ts.VariableDeclaration | ts.FunctionDeclaration | undefined {
  const { moduleSpecifier } = parent.parent.parent;
  if (!ts.isStringLiteral(moduleSpecifier)) {
    return undefined;
  }
  const folder = path.posix.dirname(name.getSourceFile().fileName);
  const file = path.posix.join(folder, moduleSpecifier.text);
  const source = sources.find(({ fileName }) => fileName.replace(/\.tsx?$/, '') === file);
  const found =
    source && declaredIn(source).find((one) => declares(one, propertyName?.text ?? name.text));
  return found && (ts.isVariableDeclaration(found) || ts.isFunctionDeclaration(found))
    ? found
    : undefined;
}

/** What is assigned to a variable that may change. */
function assignedTo(declaration: ts.VariableDeclaration): ts.Expression[] {
  const scope = ts.findAncestor(declaration, (node) => ts.isBlock(node) || ts.isSourceFile(node));
  return scope === undefined || (declaration.parent.flags & ts.NodeFlags.Const) !== 0
    ? []
    : nodesOf(scope)
        .filter(ts.isBinaryExpression)
        .filter(
          ({ left, operatorToken: { kind } }) =>
            (kind === ts.SyntaxKind.EqualsToken || kind === ts.SyntaxKind.PlusEqualsToken) &&
            left.getText() === declaration.name.getText(),
        )
        .map(({ right }) => right);
}
