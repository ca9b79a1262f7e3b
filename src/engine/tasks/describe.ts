import { stat } from 'node:fs/promises';
import path from 'node:path';
import { findModelFolder, modelFolderName } from '../../library/findModelFolder';
import { readObjectIfAny } from '../../library/files';
import { givenPath } from '../../library/givenPath';
import { findModelCard } from '../../library/modelCard';
import { architectureOf } from '../../library/architecture';
import { modelName } from '../../library/modelFolder';
import { readModelConfig } from '../../library/modelConfig';
import { MANIFEST_FILE, readModelPurpose } from '../../library/modelPurpose';
import { readTokenizerIfAny } from '../../library/tokenizerFiles';
import { Failure } from '../../shared/failure';
import { isJsonObject, type JsonObject } from '../../shared/jsonObject';
import type { ModelAbout, TokenizerAbout } from '../../shared/modelAbout';

/**
 * What the files around the graphs of a model say of it. It needs none of them; one that cannot be read says
 * nothing, for the graphs are there all the same.
 * @param given a folder, or a model file in one.
 * @throws Failure `model` where there are several models to choose from
 */
export async function describe(given: string): Promise<ModelAbout> {
  const target = givenPath(given);
  const folder = await findModelFolder(target);
  const isFile = await stat(folder).then(
    (found) => found.isFile(),
    () => false,
  );
  const root = isFile ? path.dirname(folder) : folder;
  const config = await readable(() => readObjectIfAny(path.join(root, 'config.json')));
  const tokenizer = await readable(() => readTokenizerIfAny(root));
  const card = await readable(() => findModelCard(root));
  return {
    folder: root,
    name: config === undefined ? modelFolderName(target) : modelName(config['_name_or_path'], root),
    ...(config === undefined ? {} : await ofConfig(root, config, tokenizer?.config)),
    ...(tokenizer === undefined ? {} : ofTokenizer(tokenizer.json)),
    ...(card === undefined ? {} : { card: card.file }),
    ...(card?.licence === undefined ? {} : { licence: card.licence }),
  };
}

/** What is said where nothing keeps it from being read. */
async function readable<T>(read: () => Promise<T> | T): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Failure) {
      return undefined;
    }
    throw error;
  }
}

async function ofConfig(
  root: string,
  config: JsonObject,
  tokenizerConfig: JsonObject | undefined,
): Promise<Partial<ModelAbout>> {
  const family = config['model_type'];
  const [className] = [config['architectures']].flat();
  const sizes = await readable(() =>
    readModelConfig(
      config,
      architectureOf(config),
      tokenizerConfig?.['model_max_length'],
      path.join(root, 'config.json'),
    ),
  );
  const manifest = path.join(root, MANIFEST_FILE);
  const purpose = await readable(async () =>
    readModelPurpose(await readObjectIfAny(manifest), config, path.basename(root), manifest),
  );
  return {
    ...(typeof family === 'string' ? { family } : {}),
    ...(typeof className === 'string' ? { className } : {}),
    ...(sizes === undefined ? {} : { vocabulary: sizes.vocabulary, context: sizes.context }),
    ...(purpose?.task === undefined ? {} : { task: purpose.task }),
    ...(purpose?.languages === undefined ? {} : { languages: purpose.languages }),
  };
}

/** Its files are read as they come: what is wrong with them, opening the tokenizer tells. */
function ofTokenizer(json: JsonObject): { tokenizer?: TokenizerAbout } {
  const { model } = json;
  const added = Array.isArray(json['added_tokens']) ? json['added_tokens'] : [];
  if (!isJsonObject(model)) {
    return {};
  }
  const { type, vocab } = model;
  const contents = Array.isArray(vocab)
    ? vocab.map((entry: unknown) => (Array.isArray(entry) ? (entry[0] as unknown) : undefined))
    : isJsonObject(vocab)
      ? Object.keys(vocab)
      : undefined;
  if (contents === undefined) {
    return {};
  }
  const known = new Set(contents);
  const more = added.filter(
    (token: unknown) => isJsonObject(token) && !known.has(token['content']),
  );
  return {
    tokenizer: {
      algorithm: typeof type === 'string' ? type : algorithmOf(model),
      tokens: contents.length + more.length,
    },
  };
}

/** Older files leave the algorithm to be told by what it needs. */
function algorithmOf(model: JsonObject): string {
  if (Array.isArray(model['merges'])) {
    return 'BPE';
  }
  return Array.isArray(model['vocab']) ? 'Unigram' : 'WordPiece';
}
