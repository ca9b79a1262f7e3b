import path from 'node:path';
import { givenPath } from '../../../library/givenPath';
import { Failure } from '../../../shared/failure';
import { withGraphs, type InspectedGraph } from '../inspectedGraph';
import { graphsAt, listFiles, listOpened, type ListedFile } from '../tensors/listFiles';

/** One of two models that are compared, with its graphs open. */
export interface ComparedFiles {
  /** Absolute path, of a file or folder. */
  path: string;
  /** Files with tensors, each with its graph unless it only holds weights. In the order in which they run. */
  files: ComparedFile[];
}

export interface ComparedFile {
  listed: Pick<ListedFile, 'file' | 'tensors'>;
  graph?: InspectedGraph;
}

/**
 * Has the files of two models open while something is done with them.
 * @param a as `inspect` and `tensors` take it.
 * @throws Failure `model` or `unsupported`, where a file of one cannot be read
 */
export function withComparedFiles<T>(
  a: string,
  b: string,
  use: (a: ComparedFiles, b: ComparedFiles) => Promise<T>,
): Promise<T> {
  return withFiles(a, (one) => withFiles(b, (other) => use(one, other)));
}

async function withFiles<T>(given: string, use: (files: ComparedFiles) => Promise<T>): Promise<T> {
  const target = givenPath(given);
  const content = await graphsAt(target);
  if (content === undefined) {
    const { files, unread } = await listFiles(target);
    const [lost] = unread;
    if (lost !== undefined) {
      throw new Failure(lost.failure);
    }
    return use({ path: target, files: files.map((listed) => ({ listed })) });
  }
  return withGraphs([...content.first, ...content.repeated], async (opened) => {
    const listed = await listOpened(opened);
    const files = listed.map((each, index): ComparedFile => {
      const graph = opened[index];
      return { listed: each, ...(graph === undefined ? {} : { graph }) };
    });
    return use({ path: target, files });
  });
}

/** Files of two models. */
export interface PairedFiles {
  pairs: { a: ComparedFile; b: ComparedFile }[];
  onlyInA: ComparedFile[];
  onlyInB: ComparedFile[];
}

/**
 * Finds the counterparts of files: of the same name, or else of the same role, or else of the same place among
 * those that are left, where both have as many. A file alone is the counterpart of another one whatever it is
 * called.
 */
export function pairFiles(
  { files: a }: Pick<ComparedFiles, 'files'>,
  { files: b }: Pick<ComparedFiles, 'files'>,
): PairedFiles {
  const pairs: PairedFiles['pairs'] = [];
  const left = { a: [...a], b: [...b] };
  const pairWhere = (isSame: (one: ComparedFile, other: ComparedFile) => boolean): void => {
    for (const one of [...left.a]) {
      const other = left.b.find((each) => isSame(one, each));
      if (other !== undefined) {
        pairs.push({ a: one, b: other });
        left.a = left.a.filter((each) => each !== one);
        left.b = left.b.filter((each) => each !== other);
      }
    }
  };
  pairWhere((one, other) => nameOf(one) === nameOf(other));
  pairWhere((one, other) => roleOf(one) !== undefined && roleOf(one) === roleOf(other));
  if (left.a.length === left.b.length) {
    pairWhere(() => true);
  }
  pairs.sort((one, other) => a.indexOf(one.a) - a.indexOf(other.a));
  return { pairs, onlyInA: left.a, onlyInB: left.b };
}

function nameOf({ listed }: ComparedFile): string {
  return path.basename(listed.file);
}

function roleOf({ graph }: ComparedFile): string | undefined {
  return graph?.about.role;
}
