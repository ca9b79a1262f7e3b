import { stringAttribute } from '../../onnx/graph/attributes';
import type { Computation, Step } from './computation';

/** Activations that are operators, as they are called in papers. */
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['Relu', 'ReLU'],
  ['BiasGelu', 'GELU'],
  ['FastGelu', 'GELU (tanh)'],
  ['GemmFastGelu', 'GELU (tanh)'],
  ['QuickGelu', 'Quick GELU'],
  ['Swish', 'SiLU'],
  ['Silu', 'SiLU'],
  ['HardSwish', 'Hardswish'],
  ['Mish', 'Mish'],
  ['Elu', 'ELU'],
  ['Selu', 'SELU'],
  ['LeakyRelu', 'Leaky ReLU'],
  ['PRelu', 'PReLU'],
  ['Softplus', 'Softplus'],
]);

/** What `activation_type` of `com.microsoft.MoE` says. */
const OF_EXPERTS: ReadonlyMap<string, string> = new Map([
  ['relu', 'ReLU'],
  ['gelu', 'GELU'],
  ['silu', 'SiLU'],
  ['swiglu', 'SiLU'],
]);

/**
 * The activation among the steps of a feed-forward part: an operator, or what exporters write out of them:
 * GELU by the error function or by tanh (Hendrycks & Gimpel 2016), SiLU x·σ(x), its approximation of GELU
 * x·σ(1.702 x), and ReLU squared (So et al. 2021). Undefined if there is none that is known.
 */
export function activationIn(steps: readonly Step[], computation: Computation): string | undefined {
  for (const step of steps) {
    const found = activationOf(step, computation);
    if (found !== undefined) {
      return found;
    }
  }
  const plain = steps.find(({ operator }) => operator === 'Tanh' || operator === 'Sigmoid');
  return plain?.operator;
}

function activationOf(step: Step, computation: Computation): string | undefined {
  const { operator, node } = step;
  switch (operator) {
    case 'Gelu':
      return stringAttribute(node, 'approximate') === 'tanh' ? 'GELU (tanh)' : 'GELU';
    case 'QuickGelu':
      return attributeOfQuickGelu(step);
    case 'MoE':
    case 'QMoE':
      return OF_EXPERTS.get(stringAttribute(node, 'activation_type') ?? 'relu');
    case 'Relu':
      return isSquared(step, computation) ? 'ReLU²' : 'ReLU';
    case 'Erf':
      return 'GELU';
    case 'Tanh':
      return isOfCube(step, computation) ? 'GELU (tanh)' : undefined;
    case 'Sigmoid':
      return ofSigmoid(step, computation);
    default:
      return OPERATORS.get(operator);
  }
}

/** With α = 1, to which ONNX Runtime's optimiser fuses x·σ(x), it is SiLU. */
function attributeOfQuickGelu({ node }: Step): string {
  const alpha = node.attributes.get('alpha');
  return alpha?.kind === 'float' && alpha.value === 1 ? 'SiLU' : 'Quick GELU';
}

function isSquared(step: Step, computation: Computation): boolean {
  const [result = ''] = step.outputs;
  return computation
    .uses(result)
    .some(
      ({ step: { operator, inputs } }) =>
        (operator === 'Mul' && inputs[0] === inputs[1]) ||
        (operator === 'Pow' && inputs[0] === result),
    );
}

/** Steps from the cube of a state to the tanh. Five are usual. */
const CUBE_STEPS = 8;

/** Whether √(2/π) (x + 0.044715 x³) is what tanh is taken of, however its powers are written. */
function isOfCube(tanh: Step, computation: Computation): boolean {
  const waiting = [...tanh.inputs];
  for (let steps = 0; steps < CUBE_STEPS; steps++) {
    const step = computation.producer(waiting.shift());
    if (step?.operator === 'Pow') {
      return true;
    }
    const factors = step?.operator === 'Mul' ? step.inputs : [];
    if (factors.length > 0 && factors.every((factor) => !computation.isFixed(factor))) {
      return true;
    }
    if (step?.operator === 'Mul' || step?.operator === 'Add') {
      waiting.push(...computation.computed(step));
    }
  }
  return false;
}

/** x·σ(x) or x·σ(1.702 x); a sigmoid of something else is a gate. */
function ofSigmoid(step: Step, computation: Computation): string | undefined {
  const [argument = ''] = step.inputs;
  const [result = ''] = step.outputs;
  const scaled = computation.producer(argument);
  const [unscaled, ...others] =
    scaled?.operator === 'Mul' ? computation.computed(scaled) : ([] as string[]);
  const partners = computation
    .uses(result)
    .filter(({ step: { operator } }) => operator === 'Mul')
    .map(({ step: { inputs }, input }) => inputs[1 - input]);
  if (partners.includes(argument)) {
    return 'SiLU';
  }
  return unscaled !== undefined && others.length === 0 && partners.includes(unscaled)
    ? 'Quick GELU'
    : undefined;
}
