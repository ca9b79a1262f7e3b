import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { mergeOutcomes } from '../../../../src/host/commands/mergeOutcomes';

suite('host/commands/mergeOutcomes', () => {
  test('of several results each warning is told once, and what ended early or was cut', () => {
    const truncation = { used: 5, total: 9, context: 5, kept: 'end' } as const;
    assert.deepEqual(
      mergeOutcomes([
        { warnings: [{ kind: 'repetition' }], stop: 'end' },
        { warnings: [{ kind: 'unfamiliar' }, { kind: 'repetition' }], stop: 'length', truncation },
      ]),
      { warnings: [{ kind: 'repetition' }, { kind: 'unfamiliar' }], stop: 'length', truncation },
    );
  });

  test('of nothing remarkable there is nothing to tell', () => {
    assert.deepEqual(mergeOutcomes([{ warnings: [], stop: 'end' }]), { warnings: [] });
  });
});
