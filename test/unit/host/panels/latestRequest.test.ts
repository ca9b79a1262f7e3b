import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { Cancelled } from '../../../../src/host/engine/engineClient';
import {
  LatestRequest,
  type RequestState,
  type RequestOptions,
} from '../../../../src/host/panels/latestRequest';

/** A call that goes on until it is stopped. */
function endless({ signal }: RequestOptions): Promise<string> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new Cancelled());
    if (signal.aborted) {
      end();
    }
    signal.addEventListener('abort', end);
  });
}

suite('host/panels: questions to the engine', () => {
  test('tell that they run, how far they are, and the answer', async () => {
    const told: RequestState<string>[] = [];
    await new LatestRequest().run(
      ({ onProgress }) => {
        onProgress({ done: 1, total: 2 });
        return Promise.resolve('yes');
      },
      (how) => told.push(how),
    );
    assert.deepEqual(told, [
      { kind: 'running' },
      { kind: 'running', progress: { done: 1, total: 2 } },
      { kind: 'done', answer: 'yes' },
    ]);
  });

  test('a failure is told and not thrown', async () => {
    const told: RequestState<string>[] = [];
    const error = new Error('no');
    await new LatestRequest().run(
      () => Promise.reject(error),
      (how) => told.push(how),
    );
    assert.deepEqual(told.at(-1), { kind: 'failed', error });
  });

  test('one that is stopped leaves nothing behind', async () => {
    const questions = new LatestRequest();
    const told: RequestState<string>[] = [];
    const asking = questions.run(endless, (how) => told.push(how));
    questions.stop();
    await asking;
    assert.equal(told.at(-1), undefined);
    assert.ok(told.length > 0);
  });

  test('a new one ends the one before, whose last word comes first', async () => {
    const questions = new LatestRequest();
    const told: string[] = [];
    const first = questions.run(endless, (how) => told.push(`first ${how?.kind ?? 'stopped'}`));
    const second = questions.run(
      () => Promise.resolve('yes'),
      (how) => told.push(`second ${how?.kind ?? 'stopped'}`),
    );
    await Promise.all([first, second]);
    assert.deepEqual(told, ['first running', 'first stopped', 'second running', 'second done']);
  });
});
