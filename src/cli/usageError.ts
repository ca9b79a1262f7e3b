/** The words of a command line were off. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
