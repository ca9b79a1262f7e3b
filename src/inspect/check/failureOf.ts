import { Failure } from '../../shared/failure';

/** The Failure that a call throws; undefined if it throws none. Other errors pass. */
export function failureOf(run: () => unknown): Failure | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) {
      return error;
    }
    throw error;
  }
}
