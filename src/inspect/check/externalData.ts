import type { CheckRule } from './rule';

/** Files with weights that are missing or cut short. */
export const externalData: CheckRule = {
  id: 'weights/external-data',
  check: ({ graphs }) =>
    graphs.flatMap(({ file, lacks }) =>
      lacks.map(({ what, where, remedy }) => ({
        severity: 'error',
        message: what,
        remedy,
        place: { file: where ?? file },
      })),
    ),
};
