import assert from 'node:assert/strict';
import { Failure, type FailureKind } from '../../../src/shared/failure';

/** Expects a promise to fail with a message for the user that says certain things. */
export async function failsWith(
  promise: Promise<unknown>,
  kind: FailureKind,
  where: string,
  says: RegExp,
): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.kind, kind);
    assert.equal(error.where, where);
    assert.match(error.message, says);
    return true;
  });
}
