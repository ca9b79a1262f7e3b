import path from 'node:path';
import type { ModelOutline, RepeatedMatrix } from '../shared/modelOutline';
import { byteSize } from '../shared/byteSize';

/**
 * What a model stores more than once, one line for each set of files that hold the same: it costs disk and
 * memory, and counts once.
 */
export function repeatedLines({ repeated }: ModelOutline): string[] {
  const groups = new Map<string, RepeatedMatrix[]>();
  for (const matrix of repeated) {
    const where = placesOf(matrix);
    groups.set(where, [...(groups.get(where) ?? []), matrix]);
  }
  return Array.from(groups, ([where, matrices]) => {
    const [first] = matrices;
    const parameters = matrices.reduce((sum, matrix) => sum + matrix.parameters, 0);
    const what =
      matrices.length > 1
        ? `${matrices.length} matrices of ${parameters.toLocaleString('en')}`
        : `the ${first?.isTable === true ? 'embedding' : 'matrix'} of ${parameters.toLocaleString('en')}`;
    const more = matrices.reduce((sum, matrix) => sum + beyondFirst(matrix), 0);
    const verb = matrices.length > 1 ? 'are' : 'is';
    return `${what} ${verb} stored ${where}: ${byteSize(more)} more`;
  });
}

/** "in a.onnx and b.onnx", or "twice in a.onnx". */
function placesOf({ places }: RepeatedMatrix): string {
  const times = new Map<string, number>();
  for (const { file } of places) {
    const name = path.basename(file);
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  const parts = Array.from(times, ([name, count]) =>
    count === 1 ? `in ${name}` : `${count === 2 ? 'twice' : `${count} times`} in ${name}`,
  );
  return [parts.slice(0, -1).join(', '), parts.at(-1)].filter(Boolean).join(' and ');
}

function beyondFirst({ places }: RepeatedMatrix): number {
  return places.slice(1).reduce((sum, place) => sum + place.bytes, 0);
}
