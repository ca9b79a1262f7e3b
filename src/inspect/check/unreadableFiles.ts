import type { CheckRule } from './rule';

/** Files of the model that cannot be read: what the reader says of each. */
export const unreadableFiles: CheckRule = {
  id: 'files/unreadable',
  check: ({ unread }) =>
    unread.map(({ file, failure: { what, remedy } }) => ({
      severity: 'error',
      message: what,
      remedy,
      place: { file },
    })),
};
