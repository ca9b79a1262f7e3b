import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inputsOf, type OperatorInputs } from '../../../../src/onnx/graph/operatorInputs';
import { json } from '../../../support/onnx/fixtures';

/** How ONNX Runtime's schemas call what {@link OperatorInputs} tells apart. */
const NAMES: Readonly<Record<keyof OperatorInputs, RegExp>> = {
  weight: /^(B|w|W|b|weight|data|fc1_experts_weights)$/,
  bias: /^(B|C)$/,
  // Where to cut before a `Resize` belongs to how it resizes.
  scales: /scale|zero_?point|absmax|^roi$/i,
  angles: /^(cos|sin)_cache$/,
};

suite('onnx/graph: inputs of operators', () => {
  const operators = Object.entries(json('operatorInputs.json') as Record<string, string[]>);

  test('are what the schemas of ONNX Runtime call so', () => {
    const told = { weight: 0, bias: 0, scales: 0, angles: 0 };
    for (const [operator, names] of operators) {
      const inputs = inputsOf(partsOf(operator));
      for (const what of ['weight', 'bias'] as const) {
        const input = inputs[what];
        if (input !== undefined) {
          assert.match(names[input] ?? '', NAMES[what], operator);
          told[what] += 1;
        }
      }
      for (const what of ['scales', 'angles'] as const) {
        const listed = inputs[what];
        if (listed !== undefined) {
          const named = [...names.keys()].filter((input) => NAMES[what].test(names[input] ?? ''));
          assert.deepEqual(listed, named, operator);
          told[what] += 1;
        }
      }
    }
    assert.deepEqual(told, { weight: 14, bias: 2, scales: 20, angles: 3 });
  });
});

function partsOf(operator: string): { domain: string; opType: string } {
  const dot = operator.lastIndexOf('.');
  return { domain: operator.slice(0, Math.max(0, dot)), opType: operator.slice(dot + 1) };
}
