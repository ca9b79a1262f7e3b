import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from '../../../src/engine/tasks/inspect';
import { root } from '../../support/root';

const MODELS = [
  'headlight-complete',
  'headlight-fill-mask',
  'headlight-summarize',
  'headlight-translate-en-zh',
] as const;

/**
 * Parameters of the bundled models as `headlight inspect` tells them, beside those that PyTorch counts, and the
 * sum of all initializers of the files, which is what there is without a look at the elements.
 */
export async function parameterFigures(): Promise<string[]> {
  const file = path.join(root, 'test/fixtures/families/parameters.json');
  const counted = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  const lines: string[] = [];
  for (const name of MODELS) {
    for (const isQuantized of [false, true]) {
      const { parameters, stored } = await shown(path.join(root, 'models', name), isQuantized);
      const form = `${name}${isQuantized ? ', int8' : ''}`;
      const truth = counted[`models/${name}`] ?? NaN;
      lines.push(
        `${form.padEnd(34)} shown ${written(parameters)}  PyTorch ${written(truth)}  initializers ${written(stored)}`,
      );
    }
  }
  return lines;
}

async function shown(
  model: string,
  isQuantized: boolean,
): Promise<{ parameters: number; stored: number }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headlight-bench-'));
  try {
    cpSync(path.join(model, 'config.json'), path.join(folder, 'config.json'));
    mkdirSync(path.join(folder, 'onnx'));
    for (const name of readdirSync(path.join(model, 'onnx'))) {
      if (name.endsWith('_quantized.onnx') === isQuantized) {
        cpSync(path.join(model, 'onnx', name), path.join(folder, 'onnx', name));
      }
    }
    const [outline] = (await inspect(folder)).outlines;
    const again = (outline?.repeated ?? []).reduce(
      (sum, { parameters, places }) => sum + (places.length - 1) * parameters,
      0,
    );
    const constants = (outline?.constants ?? []).reduce((sum, { elements }) => sum + elements, 0);
    const parameters = outline?.parameters ?? NaN;
    return { parameters, stored: parameters + again + constants };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function written(count: number): string {
  return count.toLocaleString('en').padStart(9);
}
