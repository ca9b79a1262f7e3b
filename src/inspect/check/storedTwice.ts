import { byteSize } from '../../shared/byteSize';
import { phrase } from '../../shared/failure';
import type { RepeatedMatrix } from '../../shared/modelOutline';
import type { CheckRule, Found } from './rule';

/**
 * Matrices of parameters that files of one model hold more than once: embeddings that are tied to an
 * output layer or shared by two stacks, and a whole decoder that is there with and without a cache.
 */
export const storedTwice: CheckRule = {
  id: 'weights/stored-twice',
  async check(model, work) {
    if (model.graphs.some(({ lacks }) => lacks.length > 0)) {
      work.skip(phrase('Some of its weights are missing'));
    }
    const byFiles = new Map<string, RepeatedMatrix[]>();
    for (const matrix of await model.repeated()) {
      const files = [...new Set(matrix.places.map(({ file }) => file))].join('\n');
      const alike = byFiles.get(files) ?? [];
      alike.push(matrix);
      byFiles.set(files, alike);
    }
    return Array.from(byFiles.values(), (matrices): Found => {
      const [first, second = first] = matrices[0]?.places ?? [];
      const more = byteSize(matrices.reduce((sum, matrix) => sum + beyondFirst(matrix), 0));
      const names = { first: first?.tensor ?? '', second: second?.tensor ?? '' };
      const place = { file: second?.file ?? '', tensor: names.second };
      return first?.file === second?.file
        ? { ...inOneFile(matrices.length, more, names), place }
        : { ...inSeveral(matrices.length, more, names, baseName(first?.file ?? '')), place };
    });
  },
};

interface Names {
  first: string;
  second: string;
}

type Told = Omit<Found, 'place'>;

function inOneFile(count: number, more: string, { first, second }: Names): Told {
  return {
    severity: 'note',
    message:
      count === 1
        ? phrase(
            'One matrix is stored twice, as “{0}” and as “{1}”: {2} more on disk',
            first,
            second,
            more,
          )
        : phrase(
            '{0} matrices are stored more than once: {1} more on disk; the largest as “{2}” and as “{3}”',
            count,
            more,
            first,
            second,
          ),
    remedy: phrase('store it once, and transpose it in the graph where it is used so'),
  };
}

/** @param other the name of the file that has them first. */
function inSeveral(count: number, more: string, { first, second }: Names, other: string): Told {
  return {
    severity: 'note',
    message:
      count === 1
        ? phrase(
            'The matrix “{0}” is also in {1}, as “{2}”: {3} more on disk',
            second,
            other,
            first,
            more,
          )
        : phrase(
            '{0} matrices are also in {1}: {2} more on disk; the largest is “{3}”, there “{4}”',
            count,
            other,
            more,
            second,
            first,
          ),
    remedy: phrase('keep it in one file of external data that both graphs name'),
  };
}

function beyondFirst({ places }: RepeatedMatrix): number {
  return places.slice(1).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The last part of a path of any system. */
function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
