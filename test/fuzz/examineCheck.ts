import assert from 'node:assert/strict';
import { scanFloats, scannedTensors } from '../../src/inspect/check/floatScan';
import { RULES } from '../../src/inspect/check/rules';
import { RuleAnswers } from '../../src/inspect/check/runRules';
import type { GraphRole } from '../../src/onnx/attention/tap';
import type { OnnxModel } from '../../src/onnx/graph/model';
import { storedWeights } from '../../src/onnx/outline/storedWeights';
import type { ShapeConstants } from '../../src/onnx/shapes/constants';
import type { InferredShapes } from '../../src/onnx/shapes/inferShapes';
import type { TensorReader } from '../../src/weights/tensorReader';

/** Characters of a name that `phrase` keeps, the mark for what it leaves out included. */
const MOST_QUOTED = 1001;

/** Puts all rules of a check to a model, as a folder of it would be asked whose config.json is another's. */
export async function examineCheck(
  onnx: OnnxModel,
  file: string,
  read: { constants: ShapeConstants; shapes: InferredShapes; reader: TensorReader },
  role: GraphRole | undefined,
): Promise<void> {
  const answers = new RuleAnswers(RULES);
  const { signal } = new AbortController();
  const config = { vocab_size: 40, max_position_embeddings: 32, eos_token_id: 2 };
  const graph = {
    file,
    onnx,
    ...read,
    stored: storedWeights(onnx),
    lacks: [],
    ...(role === undefined ? {} : { role }),
  };
  await answers.ask(
    {
      graphs: [graph],
      folder: { folder: '/fuzzed', names: new Set(['config.json']), config, settings: config },
      unread: [],
      repeated: () => Promise.resolve([]),
      byteProducts: () => Promise.resolve('saturating'),
    },
    {
      signal,
      floats: () => scanFloats(scannedTensors(onnx), read.reader, signal, () => undefined),
    },
  );
  const { findings, passed } = answers.report([file]);
  assert.ok(passed.length + findings.length > 0);
  // What goes to the editor is no larger than its sentences.
  const quoted = findings.flatMap(({ message }) =>
    message.args.map((arg) => (typeof arg === 'string' ? arg.length : 0)),
  );
  assert.ok(quoted.every((length) => length <= MOST_QUOTED));
}
