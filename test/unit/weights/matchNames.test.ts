import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { bindWeights } from '../../../src/weights/bindWeights';
import type { BoundWeights } from '../../../src/weights/parameters';
import { matchNames } from '../../../src/weights/matchNames';
import type { NameMatches } from '../../../src/weights/matchNames';
import { model, tensor } from '../../support/weights/graphs';

type Shapes = Record<string, number[]>;

suite('weights/matchNames', () => {
  test('the same names', () => {
    const shapes = { 'a.weight': [2, 3], 'a.bias': [2] };
    const result = matched(shapes, shapes);
    assert.deepEqual(pairs(result), { 'a.weight': 'a.weight', 'a.bias': 'a.bias' });
    assert.deepEqual([result.missing, result.extra], [[], []]);
  });

  test('modules in front that the file lacks, or has more', () => {
    const short = { 'layers.0.fc.weight': [2, 3], 'layers.1.fc.weight': [2, 3] };
    const long = { 'bert.layers.0.fc.weight': [2, 3], 'bert.layers.1.fc.weight': [2, 3] };
    for (const [file, state] of [
      [short, long],
      [long, short],
    ]) {
      const result = matched(file ?? {}, state ?? {});
      assert.deepEqual([result.missing, result.extra], [[], []]);
    }
  });

  test('the half of a model that a file is', () => {
    const file = { 'layers.0.fc.weight': [2, 3] };
    const state = {
      'model.decoder.layers.0.fc.weight': [2, 3],
      'model.encoder.layers.0.fc.weight': [2, 3],
    };
    for (const part of ['encoder', 'decoder'] as const) {
      const { matches } = matched(file, state, part);
      assert.deepEqual([...matches.keys()], [`model.${part}.layers.0.fc.weight`]);
    }
  });

  test('a shape that differs is another parameter', () => {
    const result = matched({ 'a.weight': [2, 3] }, { 'a.weight': [3, 2] });
    assert.deepEqual([result.missing, result.extra], [['a.weight'], ['a.weight']]);
  });

  test('a parameter that the file has under the name of one tied to it', () => {
    const result = matched(
      { 'decoder.embed_tokens.weight': [9, 4], 'decoder.fc.weight': [4, 4] },
      { 'shared.weight': [9, 4], 'decoder.fc.weight': [4, 4], 'other.lm_head.weight': [7, 4] },
    );
    assert.equal(result.matches.get('shared.weight')?.how, 'tied');
    assert.equal(result.matches.get('decoder.fc.weight')?.how, 'named');
    assert.deepEqual(result.missing, ['other.lm_head.weight']);
  });

  test('no output layer is tied that a tensor without a name may be', () => {
    const state = new Map([
      ['model.embed_tokens.weight', [9, 4]],
      ['lm_head.weight', [9, 4]],
    ]);
    const embeddings = tensor('model.embed_tokens.weight', [9, 4]);
    const { missing } = matchNames(bindWeights(model([embeddings], [])), state);
    assert.deepEqual(missing, []);
    const nameless = bindWeights(model([embeddings, tensor('val_9', [4, 9])], []));
    assert.deepEqual(matchNames(nameless, state).missing, ['lm_head.weight']);
    const output = tensor('lm_head.weight', [9, 4]);
    const named = bindWeights(model([output, tensor('val_9', [4, 9])], []));
    assert.deepEqual(matchNames(named, state).missing, []);
  });
});

function matched(file: Shapes, state: Shapes, part?: 'encoder' | 'decoder'): NameMatches {
  return matchNames(withNames(file), new Map(Object.entries(state)), part);
}

/** The weights of a file whose tensors carry their names. */
function withNames(shapes: Shapes): BoundWeights {
  return bindWeights(
    model(
      Object.entries(shapes).map(([name, dims]) => tensor(name, dims)),
      [],
    ),
  );
}

/** Names of the file by names of the state dict. */
function pairs({ matches }: NameMatches): Record<string, string> {
  return Object.fromEntries([...matches].map(([name, { parameter }]) => [name, parameter.name]));
}
