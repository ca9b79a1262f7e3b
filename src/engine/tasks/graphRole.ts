import path from 'node:path';
import { findGraphs, type FolderGraphs } from '../../library/modelFolder';
import type { GraphRole } from '../../onnx/attention/tap';
import { Failure } from '../../shared/failure';

/** A graph's file, and what it does in the model. */
export interface GraphFile {
  file: string;
  /** Absent where the folder does not tell. */
  role?: GraphRole;
}

/** Graphs of a folder that tells what kind of model they are. */
type KnownGraphs = Exclude<FolderGraphs, { architecture?: undefined }>;

/**
 * The graphs of a folder; `repeated` is a decoder with a cache, which has the same layers as the one
 * without.
 */
export function graphFiles(folder: FolderGraphs): { first: GraphFile[]; repeated: GraphFile[] } {
  if (folder.architecture === undefined) {
    return { first: folder.weights.map(({ file }) => ({ file })), repeated: [] };
  }
  if (folder.architecture !== 'encoder-decoder') {
    return { first: [{ file: folder.weights.file, role: roleOf(folder) }], repeated: [] };
  }
  const { encoder, decoder, decoderWithPast } = folder.weights;
  return {
    first: [
      { file: encoder.file, role: 'encoder' },
      { file: decoder.file, role: 'decoder' },
    ],
    repeated:
      decoderWithPast === undefined ? [] : [{ file: decoderWithPast.file, role: 'decoder' }],
  };
}

/**
 * What a file does in the model folder that holds it, directly or in its subfolder `onnx`; undefined
 * if it lies in no model folder, or in one that does not say. With it, a file is described in the same way
 * whether the file or its folder is inspected.
 */
export async function roleInFolder(file: string): Promise<GraphRole | undefined> {
  const inside = path.dirname(path.resolve(file));
  for (const folder of [inside, path.dirname(inside)]) {
    const found = await readIfModel(folder);
    if (found !== undefined) {
      const { first, repeated } = graphFiles(found);
      const own = [...first, ...repeated].find((each) => each.file === path.resolve(file));
      return own?.role ?? roleByName(found, path.basename(file));
    }
  }
  return undefined;
}

/** What a file of a folder does by its name, such as one with quantized weights. */
export function roleByName(
  folder: Pick<KnownGraphs, 'architecture'>,
  name: string,
): GraphRole | undefined {
  if (folder.architecture !== 'encoder-decoder') {
    return roleOf(folder);
  }
  return (['encoder', 'decoder'] as const).find((role) => name.startsWith(`${role}_`));
}

function roleOf({ architecture }: Pick<KnownGraphs, 'architecture'>): GraphRole {
  return architecture === 'decoder' ? 'decoder-only' : 'encoder-only';
}

async function readIfModel(folder: string): Promise<KnownGraphs | undefined> {
  try {
    const found = await findGraphs(folder);
    return found.architecture === undefined ? undefined : found;
  } catch (error) {
    if (error instanceof Failure) {
      return undefined;
    }
    throw error;
  }
}
