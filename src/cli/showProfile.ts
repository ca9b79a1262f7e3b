import path from 'node:path';
import { inEnglish } from '../shared/failure';
import { byteSize } from '../shared/byteSize';
import { milliseconds } from '../shared/milliseconds';
import type { ModelProfile, ModuleTime, PassProfile } from '../shared/modelProfile';
import { percent } from '../shared/percent';
import { meanOf, passLead, passTitle } from '../wording/inspector/profileWords';
import { alignColumns } from './columns';

/** Rows of each list that are shown; `--json` has all. */
const MOST_ROWS = 10;

/** Modules within modules that are shown. */
const DEEPEST = 3;

/** Where the time of a model goes, as lines for people. */
export function profileLines({
  path: given,
  text,
  target,
  runtime,
  passes,
}: ModelProfile): string[] {
  return [
    given,
    `  runtime     ${runtime}`,
    `  text        ${JSON.stringify(text)}`,
    ...(target === undefined ? [] : [`  target      ${JSON.stringify(target)}`]),
    ...passes.flatMap((pass) => ['', ...passLines(pass)]),
  ];
}

function passLines(pass: PassProfile): string[] {
  const { file, load, first, operators, unplaced, outside, peakMemory } = pass;
  const mean = meanOf(pass);
  const share = (time: number): string =>
    percent(time / Math.max(mean, 1e-9), 'en', {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    });
  const rows = operators
    .slice(0, MOST_ROWS)
    .map(({ name, time, calls }) => [name, milliseconds(time), share(time), calls.toFixed(0)]);
  const rest = [
    ['made by the runtime, of no module', milliseconds(unplaced), share(unplaced), ''],
    ['outside of nodes', milliseconds(outside), share(outside), ''],
  ];
  return [
    `${inEnglish(passTitle(pass))}  (${path.basename(file)})`,
    `  ${passLead(pass).map(inEnglish).join(' ').replaceAll('**', '')}`,
    `  loaded in ${milliseconds(load)}, first run ${milliseconds(first)}${
      peakMemory === undefined ? '' : `, ${byteSize(peakMemory)} of memory in use at the peak`
    }`,
    ...table(['operator', 'time', 'share', 'calls'], rows),
    ...table(
      ['module', 'time', 'share', 'calls'],
      [
        ...moduleRows(pass.modules).map(({ label, time, calls }) => [
          label,
          milliseconds(time),
          share(time),
          calls.toFixed(0),
        ]),
        ...rest,
      ],
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const [names, ...others] = alignColumns([head, ...rows].map(([name = '']) => [name]));
  const figures = alignColumns(
    [head, ...rows].map((row) => row.slice(1)),
    0,
  );
  const width = Math.max(...[names ?? '', ...others].map(({ length }) => length));
  return [names ?? '', ...others].map(
    (name, index) => `  ${name.padEnd(width)}  ${figures[index] ?? ''}`,
  );
}

/** Modules as a tree, the most time first among those beside each other. */
function moduleRows(
  modules: readonly ModuleTime[],
): { label: string; time: number; calls: number }[] {
  const inside = new Map<number, number[]>();
  modules.forEach(({ parent }, index) => {
    if (parent !== undefined) {
      inside.set(parent, [...(inside.get(parent) ?? []), index]);
    }
  });
  const rows = (index: number, depth: number): { label: string; time: number; calls: number }[] => {
    const module = modules[index];
    if (module === undefined || depth > DEEPEST) {
      return [];
    }
    const { name, time, calls } = module;
    const within = (inside.get(index) ?? []).toSorted(
      (a, b) => (modules[b]?.time ?? 0) - (modules[a]?.time ?? 0),
    );
    return [
      { label: `${'  '.repeat(depth)}${name === '' ? 'the model' : name}`, time, calls },
      ...within.slice(0, MOST_ROWS).flatMap((each) => rows(each, depth + 1)),
    ];
  };
  return rows(0, 0);
}
