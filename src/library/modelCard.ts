import { open } from 'node:fs/promises';
import path from 'node:path';
import { namesIn, unreadable } from './files';

/** What the makers of a model say of it. */
export interface ModelCard {
  /** Absolute path of the document. */
  file: string;
  /** As its first lines, or the table that Headlight's own cards have, name it. */
  licence?: string;
}

/** Names that a card has, the more telling first; in any case of letters. */
const NAMES = ['model_card.md', 'readme.md'];

/** Licences stand in the first lines. Unit: bytes. */
const READ = 16 * 1024;

/**
 * Finds the card of a model folder, if it has one.
 * @throws Failure `model` where the folder or the card cannot be read
 */
export async function findModelCard(folder: string): Promise<ModelCard | undefined> {
  const names = await namesIn(folder);
  const name = NAMES.flatMap((wanted) =>
    names.filter((each) => each.toLowerCase() === wanted).slice(0, 1),
  )[0];
  if (name === undefined) {
    return undefined;
  }
  const file = path.join(folder, name);
  const licence = licenceIn(await beginningOf(file));
  return { file, ...(licence === undefined ? {} : { licence }) };
}

/** The licence that a card names: `license:` of its YAML head, as on the Hugging Face hub. */
export function licenceIn(card: string): string | undefined {
  const [, head = ''] = /^\ufeff?---\r?\n(.*?)\r?\n---(?:\r?\n|$)/s.exec(card) ?? [];
  const inHead = /^license:[ \t]*["']?([^\r\n"'#[\]]+)/m.exec(head)?.[1];
  const inTable = /^\| Licence of the weights \| ([^|,]+)/m.exec(card)?.[1];
  const found = (inHead ?? inTable)?.trim();
  return found === '' ? undefined : found;
}

async function beginningOf(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(READ), 0, READ, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}
