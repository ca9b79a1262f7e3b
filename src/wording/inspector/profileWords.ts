import { phrase, type Phrase } from '../../shared/failure';
import type { PassProfile } from '../../shared/modelProfile';
import { milliseconds } from '../../shared/milliseconds';
import { percentNumber } from '../../shared/percent';

/** What a pass does: a short title. */
export function passTitle({ kind, tokens, cached }: PassProfile): Phrase {
  switch (kind) {
    case 'encode':
      return phrase('The encoder reads {0} tokens', tokens);
    case 'read':
      return phrase('The decoder reads {0} tokens', tokens);
    case 'step':
      return phrase('The decoder reads one token behind {0} in its cache', cached);
  }
}

/** The most important of a pass, in a sentence or two: how long it takes, and what takes most of it. */
export function passLead(pass: PassProfile): Phrase[] {
  const { steady, profiled, attention, operators } = pass;
  const mean = meanOf(pass);
  const [first] = operators;
  const time = milliseconds(steady.median);
  const least = milliseconds(steady.least);
  const most = milliseconds(steady.most);
  const part = (ms: number): string => percentNumber(ms / Math.max(mean, 1e-9), 0.1);
  const slower = profiled.median / Math.max(steady.median, 1e-9);
  return [
    phrase('A run takes **{0}** ({1} to {2} in {3} runs).', time, least, most, steady.runs),
    ...(first === undefined
      ? []
      : [phrase('{0} takes {1}% of the time.', first.name, part(first.time))]),
    ...(attention === undefined
      ? []
      : [
          phrase(
            'Attention itself, from the products of queries and keys to the weighted sum, takes {0}%.',
            part(attention),
          ),
        ]),
    ...(slower > 1.02
      ? [
          phrase(
            'Shares are of runs with the profiler on, which took {0} times as long.',
            slower.toFixed(2),
          ),
        ]
      : []),
  ];
}

/** Time of a profiled run, all of it: what shares are of. Unit: milliseconds. */
export function meanOf({ modules, unplaced, outside }: PassProfile): number {
  return (modules[0]?.time ?? 0) + unplaced + outside;
}
