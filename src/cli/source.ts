import { readFile } from 'node:fs/promises';
import { buffer as readAll } from 'node:stream/consumers';
import { givenPath } from '../library/givenPath';
import { Failure, phrase } from '../shared/failure';
import type { Terminal } from './terminal';
import { textMissing, type TextSource } from './textSource';

/**
 * Reads the text that a command is about.
 * @throws UsageError where nothing is given and nothing is piped in, Failure `input` for an empty text,
 *   for a file that cannot be read and for bytes that are not UTF-8.
 */
export async function readSource(
  source: TextSource,
  command: string,
  terminal: Terminal,
): Promise<string> {
  const text = await read(source, command, terminal);
  if (text === '') {
    throw new Failure({
      kind: 'input',
      what: phrase('The text is empty'),
      remedy: phrase('give a text'),
    });
  }
  return text;
}

async function read(source: TextSource, command: string, { stdin }: Terminal): Promise<string> {
  if (source === 'pipe') {
    if ('isTTY' in stdin && stdin.isTTY === true) {
      throw textMissing(command);
    }
    return decode(await readAll(stdin));
  }
  if (source === 'standard input') {
    return decode(await readAll(stdin));
  }
  if ('text' in source) {
    return source.text;
  }
  return decode(await readBytes(source.file), source.file);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(givenPath(file));
  } catch (error) {
    throw new Failure(
      {
        kind: 'input',
        what: phrase('The file cannot be read'),
        where: file,
        remedy: phrase('check its path and that you may read it'),
      },
      { cause: error },
    );
  }
}

/**
 * Decodes UTF-8 without the byte order mark that some editors put in front.
 * @param file where they come from; standard input if absent.
 * @throws Failure `input` for bytes in another encoding: what they would be read as is no text.
 */
function decode(bytes: Uint8Array, file?: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Failure(
      {
        kind: 'input',
        what: phrase('The text is not in UTF-8'),
        where: file ?? 'standard input',
        remedy: phrase('save it as UTF-8'),
      },
      { cause: error },
    );
  }
}
