import type { Choice } from '../../ui/choices';

/** A file to be drawn. */
export type GraphChoice = Choice<string>;

/** The name of a file without its folders, of either kind of system. */
export function fileName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
