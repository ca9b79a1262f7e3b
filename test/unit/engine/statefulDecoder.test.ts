import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { Decoder } from '../../../src/engine/generation/decoder';
import { decoderInterface } from '../../../src/engine/generation/decoderInterface';
import { openSession } from '../../../src/engine/runtime/session';
import { readModelConfig } from '../../../src/library/modelConfig';
import { root } from '../../support/root';
import { readBytes } from '../../support/onnx/fixtures';
import { examplesOf } from '../../support/onnx/families';
import { largestDifference } from '../../support/onnx/tapped';
import { configOf } from '../../support/reference/families';

/** Between any two logits of `transformers` and ours, which go up to 13. */
const TOLERANCE = 5e-5;

suite('engine, decoders whose layers hand a state on', () => {
  for (const family of ['lfm2', 'qwen3_5']) {
    test(`${family}: every step rates tokens as transformers does for the whole text`, async () => {
      const [{ ids, logits }, decoder] = [example(family), await open(family)];
      const prompt = 3;
      const steps = [await decoder.append(ids.slice(0, prompt))];
      for (const id of ids.slice(prompt)) {
        steps.push(await decoder.append([id]));
      }
      for (const [place, step] of steps.entries()) {
        const off = largestDifference(step, logits[place + prompt - 1] ?? []);
        assert.ok(off <= TOLERANCE, `step ${place} is off by ${off}`);
      }
    });

    test(`${family}: each of several beams goes on from its own state`, async () => {
      const { ids } = example(family);
      const beams = [
        [...ids.slice(0, 4), 9],
        [...ids.slice(0, 4), 30],
      ];
      const together = await open(family);
      await together.append(ids.slice(0, 4));
      together.select([0, 0]);
      await together.appendEach([[9], [30]]);
      together.select([1, 0]);
      const [second, first] = await together.appendEach([[5], [7]]);
      for (const [found, beam] of [
        [first, [...(beams[0] ?? []), 7]],
        [second, [...(beams[1] ?? []), 5]],
      ] as const) {
        const alone = await (await open(family)).append(beam);
        assert.ok(found);
        const off = largestDifference(found, [...alone]);
        assert.ok(off <= TOLERANCE, `off by ${off}`);
      }
    });
  }
});

function example(family: string): { ids: number[]; logits: number[][] } {
  const [first] = examplesOf(source(family));
  assert.ok(first);
  return { ids: first.inputs['input_ids'] ?? [], logits: first.logits };
}

async function open(family: string): Promise<Decoder> {
  const folder = path.join(root, 'test/fixtures/families', source(family));
  const bytes = readFileSync(path.join(folder, 'model.onnx'));
  const config = readModelConfig(configOf(source(family)), 'decoder', undefined, 'config.json');
  const { graph } = await readBytes(bytes);
  const session = await openSession({ bytes, folder }, family);
  const read = decoderInterface(graph, 'text-generation', family, config.headSize);
  return new Decoder({ first: { session, interface: read } });
}

function source(family: string): string {
  return `${family}/builder-gqa`;
}
