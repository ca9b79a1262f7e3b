import { stringAttribute } from './attributes';
import type { Node } from './model';
import { operatorName } from './operators';

/** The labels of an `Einsum` of two operands: `bhqd,bhkd->bhqk`. */
export interface Equation {
  left: string;
  right: string;
  output: string;
}

/** Two operands and an output, whose labels are letters; dots would stand for any dimensions. */
const EQUATION = /^([A-Za-z]+),([A-Za-z]+)->([A-Za-z]+)$/;

/** The equation of an `Einsum` of two operands; undefined if it is another one, or has ellipses. */
export function equationOf(node: Node): Equation | undefined {
  const equation = stringAttribute(node, 'equation');
  if (operatorName(node) !== 'Einsum' || equation === undefined) {
    return undefined;
  }
  const [, left, right, output] = EQUATION.exec(equation.replaceAll(' ', '')) ?? [];
  return left === undefined || right === undefined || output === undefined
    ? undefined
    : { left, right, output };
}
