import { checkedNodes } from '../../onnx/file/checkedNodes';
import { compatibilityOf } from '../../onnx/outline/compatibility';
import { phrase, type Phrase } from '../../shared/failure';
import type { CompatibilityProblem } from '../../shared/modelOutline';
import { problemWords } from '../../wording/outlineWords';
import { failureOf } from './failureOf';
import type { CheckRule, Found } from './rule';

/**
 * Why the bundled runtime cannot run a file: too new a format, operators it lacks, flaws of the graph;
 * and whether it is too large for Headlight to have it run.
 */
export const runtimeProblems: CheckRule = {
  id: 'graph/runtime',
  check: ({ graphs }) =>
    graphs.flatMap(({ file, onnx, shapes }): Found[] => {
      const { runtime, problems } = compatibilityOf(onnx, shapes);
      const refused = failureOf(() => checkedNodes(onnx, file));
      return [
        ...problems.map((problem): Found => ({
          severity: 'error',
          message: phrase('{0} cannot run the file: {1}', runtime, problemWords(problem)),
          remedy: remedyOf(problem),
          place: { file, ...placeOf(problem) },
        })),
        ...(refused === undefined
          ? []
          : [
              {
                severity: 'warning' as const,
                message: refused.what,
                remedy: refused.remedy,
                place: { file },
              },
            ]),
      ];
    }),
};

function remedyOf({ kind }: CompatibilityProblem): Phrase {
  switch (kind) {
    case 'irVersion':
    case 'opset':
      return phrase('export the model again with an older operator set');
    case 'operator':
    case 'input':
    case 'types':
      return phrase('export the model again with other operators or another precision');
    case 'weights':
    case 'missing':
    case 'ambiguous':
    case 'circular':
    case 'recursive':
      return phrase('export the model again, or download the file again');
  }
}

function placeOf(problem: CompatibilityProblem): { value?: string; node?: string } {
  switch (problem.kind) {
    case 'missing':
      return {
        value: problem.value,
        ...(problem.node === undefined ? {} : { node: problem.node }),
      };
    case 'ambiguous':
      return { value: problem.value };
    case 'circular':
      return { node: problem.node };
    default:
      return {};
  }
}
