import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { givenPath } from '../library/givenPath';
import { Failure, phrase } from '../shared/failure';
import type { Terminal } from './terminal';
import { textMissing, type TextSource } from './textSource';

/**
 * Reads the text that a command is about.
 * @throws UsageError where nothing is given and nothing is piped in, Failure `input` for an empty text
 *   and for a file that cannot be read.
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
      todo: phrase('give a text'),
    });
  }
  return text;
}

async function read(source: TextSource, command: string, { stdin }: Terminal): Promise<string> {
  if (source === 'pipe') {
    if ('isTTY' in stdin && stdin.isTTY === true) {
      throw textMissing(command);
    }
    return readAll(stdin);
  }
  if (source === 'standard input') {
    return readAll(stdin);
  }
  if ('text' in source) {
    return source.text;
  }
  try {
    return await readFile(givenPath(source.file), 'utf8');
  } catch (error) {
    throw new Failure(
      {
        kind: 'input',
        what: phrase('The file cannot be read'),
        where: source.file,
        todo: phrase('check its path and that you may read it'),
      },
      { cause: error },
    );
  }
}
