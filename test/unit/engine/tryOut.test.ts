import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { inEnglish } from '../../../src/shared/failure';
import type { Task } from '../../../src/shared/modelSummary';
import { rejection } from '../../support/failures';
import { temporaryFolder } from '../../support/temporary';
import { context, listen, tinyEncoder, tinyModel, tinySeq2seq } from '../../support/engine/models';

const kinds = {
  decoder: () => tinyModel('llama', 'with-cache'),
  encoder: () => tinyEncoder(),
  'encoder–decoder': () => tinySeq2seq('marian'),
};

const suits: Record<Task | 'trace', readonly (keyof typeof kinds)[]> = {
  complete: ['decoder'],
  translate: ['encoder–decoder'],
  summarize: ['encoder–decoder'],
  fillMask: ['encoder'],
  trace: ['decoder', 'encoder', 'encoder–decoder'],
};

suite('engine, trying models out', () => {
  for (const use of Object.keys(suits) as (keyof typeof suits)[]) {
    for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
      const suitable = suits[use].includes(kind);
      test(`for ${use}: ${kind} ${suitable ? 'will do' : 'is refused'}`, async () => {
        const { engine, activities } = listen();
        const folder = kinds[kind]();
        const open = () => engine.openModel({ model: { folder }, use }, context());
        if (suitable) {
          assert.equal((await open()).folder, folder);
          assert.equal(activities.at(-1)?.state, 'ready');
          return;
        }
        const failure = await rejection(open);
        assert.equal(failure.where, folder);
        assert.match(inEnglish(failure.remedy), /such as/);
        assert.deepEqual(activities.at(-1), { state: 'idle' });
      });
    }
  }

  test('a model that is refused leaves the name of the one in use', async () => {
    const { engine, activities } = listen();
    const inUse = await engine.openModel({ model: { folder: kinds.decoder() } }, context());
    const ready = { state: 'ready', model: inUse.name } as const;
    assert.deepEqual(activities.at(-1), ready);
    for (const folder of [kinds.encoder(), temporaryFolder()]) {
      await rejection(() => engine.openModel({ model: { folder }, use: 'complete' }, context()));
      assert.deepEqual(activities.at(-1), ready);
    }
  });
});
