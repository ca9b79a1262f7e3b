import path from 'node:path';
import { namesIn, readObjectIfAny } from '../../library/files';
import { settingsOf } from '../../library/generationConfig';
import { readTokenizerIfAny } from '../../library/tokenizerFiles';
import type { CheckedFolder, CheckedModel, CheckedTokenizer } from '../../inspect/check/rule';
import { Failure } from '../../shared/failure';
import type { JsonObject } from '../../shared/jsonObject';
import { openTokenizer } from '../openTokenizer';

type Unread = CheckedModel['unread'][number];

/**
 * Reads what a folder says of its model. A file that cannot be read hides nothing of the others.
 * @param folder absolute path
 * @throws Failure `model` if the folder itself cannot be read
 */
export async function readCheckedFolder(
  folder: string,
): Promise<{ found: CheckedFolder; unread: Unread[] }> {
  const unread = new Map<string, Unread>();
  const attempt = async <T>(name: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Failure)) {
        throw error;
      }
      const isPath = error.where !== undefined && path.isAbsolute(error.where);
      const file = isPath ? (error.where ?? '') : path.join(folder, name);
      unread.set(file, { file, failure: error.data });
      return undefined;
    }
  };
  const object = (name: string): Promise<JsonObject | undefined> =>
    attempt(name, () => readObjectIfAny(path.join(folder, name)));

  const names = [
    ...(await namesIn(folder)),
    ...(await namesIn(path.join(folder, 'onnx'))).map((name) => `onnx/${name}`),
  ];
  const config = await object('config.json');
  const generation = await object('generation_config.json');
  const tokenizerConfig = await object('tokenizer_config.json');
  const tokenizer = await attempt('tokenizer.json', () => readTokenizer(folder));
  const found: CheckedFolder = {
    folder,
    names: new Set(names),
    settings: settingsOf(generation, config ?? {}),
    ...(config === undefined ? {} : { config }),
    ...(generation === undefined ? {} : { generation }),
    ...(tokenizerConfig === undefined ? {} : { tokenizerConfig }),
    ...(tokenizer === undefined ? {} : { tokenizer }),
  };
  return { found, unread: [...unread.values()] };
}

async function readTokenizer(folder: string): Promise<CheckedTokenizer | undefined> {
  const files = await readTokenizerIfAny(folder);
  if (files === undefined) {
    return undefined;
  }
  const tokenizer = openTokenizer(files);
  const { begin, end, pad } = tokenizer.specialTokens;
  return {
    size: tokenizer.vocabularySize,
    piece: (id) => tokenizer.pieceText(id),
    ...(begin === undefined ? {} : { begin }),
    ...(end === undefined ? {} : { end }),
    ...(pad === undefined ? {} : { pad }),
  };
}
