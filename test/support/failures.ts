import assert from 'node:assert/strict';
import { Failure, inEnglish } from '../../src/shared/failure';

/** The Failure that a call throws; anything else is an error of the test. */
export function failure(run: () => unknown): Failure {
  try {
    run();
  } catch (error) {
    return checked(error);
  }
  assert.fail('nothing was thrown');
}

/** The Failure that a call ends with, at once or later. */
export async function rejection(run: () => unknown): Promise<Failure> {
  try {
    await run();
  } catch (error) {
    return checked(error);
  }
  assert.fail('nothing was thrown');
}

/** A Failure that tells a user what is wrong and what to do. */
function checked(error: unknown): Failure {
  if (!(error instanceof Failure)) {
    throw error;
  }
  assert.ok(inEnglish(error.what).length > 10, error.message);
  assert.ok(inEnglish(error.remedy).length > 10, error.message);
  assert.ok(!/\{\d\}/.test(error.message), `a place was not filled in: ${error.message}`);
  return error;
}
