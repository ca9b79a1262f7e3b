/** What a run of the program tells the shell. */
export const DONE = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;
/** A check found something that is wrong, or may be; a comparison found a difference. */
export const FOUND = 3;
/** As shells write that SIGINT ended a program. */
export const STOPPED = 130;

export type ExitStatus =
  typeof DONE | typeof FAILED | typeof WRONG_USAGE | typeof FOUND | typeof STOPPED;
