import { homedir } from 'node:os';
import path from 'node:path';

/**
 * A path as people write and copy it, made absolute: `~` is the home folder, which no shell puts in
 * after `=` or in a setting; quotation marks and spaces around it are none of it.
 */
export function givenPath(given: string, home = homedir()): string {
  const trimmed = given.trim();
  const [, , bare] = /^(["'])(.+)\1$/.exec(trimmed) ?? [];
  const text = bare ?? trimmed;
  return path.resolve(/^~(?=$|[\\/])/.test(text) ? home + text.slice(1) : text);
}
