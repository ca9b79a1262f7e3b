import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { int64Row } from '../../../../src/engine/runtime/tensor';
import { root } from '../../../support/root';
import { agree, run } from '../../../support/onnx/tappedRun';

const folder = path.join(root, 'test/fixtures/torch-encoder');

/** What `make.py` writes down of each export. */
interface Example {
  name: string;
  /** Whether a token sees no later one. */
  isMasked: boolean;
  inputs: Record<string, number[]>;
  /** [layer][head][query][key] */
  attention: number[][][][];
}

const examples = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Example[];

suite('onnx, encoders of torch.nn.TransformerEncoder', () => {
  for (const { name, isMasked, inputs, attention } of examples) {
    test(`gives the attention of ${name} that PyTorch computes`, async () => {
      const bytes = readFileSync(path.join(folder, `${name}.onnx`));
      const feeds = Object.entries(inputs).map(([input, row]) => [input, int64Row(row)] as const);
      const found = await run(bytes, undefined, Object.fromEntries(feeds));
      agree(found, isMasked ? 'masked' : 'self', attention);
    });
  }
});
