import type { ListedTensor } from '../../../inspect/tensors/listedTensor';
import { Failure, phrase } from '../../../shared/failure';
import type { TensorId, TensorListing } from '../../../shared/tensorListing';
import { listFiles, versionOf, type ListedFile, type ListedFiles } from './listFiles';

/** Paths whose tensors are kept. */
const MOST_KEPT = 4;

/** What paths hold, as long as their files stay as they are: a table asks for its tensors one by one. */
export class TensorListings {
  private readonly known = new Map<string, Promise<ListedFiles>>();

  /**
   * The tensors of a path, as its files are now.
   * @throws Failure as {@link listFiles} does.
   */
  async list(path: string): Promise<TensorListing> {
    const { files, unread } = await this.renew(path);
    // Shards say the same of themselves.
    const notes = new Map(
      files
        .flatMap((file) => file.notes ?? [])
        .map((note) => [`${note.name}\n${note.value}`, note]),
    );
    return {
      format: files[0]?.format ?? 'onnx',
      tensors: files.flatMap(({ tensors }) => tensors.map(({ about }) => about)),
      unread,
      notes: [...notes.values()],
    };
  }

  /**
   * A tensor of a path, and the file that it is in.
   * @throws Failure `gone` where the path has no such tensor, and as {@link listFiles} does.
   */
  async find(id: TensorId): Promise<{ file: string; listed: ListedTensor }> {
    const known = this.known.get(id.path) ?? this.renew(id.path);
    const kept = fileOf(id, await known);
    const isSame = kept !== undefined && kept.version === (await versionOf(kept.file));
    const found = isSame ? kept : fileOf(id, await this.renewed(id.path, known));
    const listed = found?.tensors.find(
      ({ about }) => about.name === id.name && (about.occurrence ?? 1) === (id.occurrence ?? 1),
    );
    if (found === undefined || listed === undefined) {
      throw new Failure({
        kind: 'gone',
        what: phrase('The file has no tensor “{0}”', id.name),
        where: id.file,
        remedy: phrase('list its tensors again: the file may have been replaced'),
      });
    }
    return { file: found.file, listed };
  }

  /** A list that is newer than one, which another call may have asked for meanwhile. */
  private renewed(path: string, old: Promise<ListedFiles>): Promise<ListedFiles> {
    const newest = this.known.get(path);
    return newest === undefined || newest === old ? this.renew(path) : newest;
  }

  private renew(path: string): Promise<ListedFiles> {
    const listing = listFiles(path);
    this.known.delete(path);
    this.known.set(path, listing);
    listing.catch(() => this.known.get(path) === listing && this.known.delete(path));
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KEPT && oldest !== undefined) {
      this.known.delete(oldest);
    }
    return listing;
  }
}

function fileOf(id: TensorId, { files }: ListedFiles): ListedFile | undefined {
  return files.find(({ file }) => file === id.file);
}
