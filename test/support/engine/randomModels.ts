import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../root';
import { temporaryFolder } from '../temporary';

/** Models of random weights with a vocabulary of 40, of the folder `families`. */
export type RandomFamily = 'gpt2' | 't5' | 'marian' | 'm2m100';

const GRAPHS: Record<RandomFamily, Record<string, string>> = {
  gpt2: { 'model.onnx': 'gpt2/torchscript-eager-cache/model.onnx' },
  t5: seq2seq('t5', ['encoder_model', 'decoder_model', 'decoder_with_past_model']),
  marian: seq2seq('marian', ['encoder_model', 'decoder_model', 'decoder_with_past_model']),
  m2m100: seq2seq('m2m100', ['encoder_model', 'decoder_model']),
};

function seq2seq(family: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [`${name}.onnx`, `${family}/torchscript-eager/${name}.onnx`]),
  );
}

/** What the files of a folder hold beside the graphs. */
export interface RandomModelFiles {
  generation?: object;
  tokenizer?: object;
  tokenizerConfig?: object;
  /** Entries of config.json that are added. */
  config?: object;
}

/** A folder with a model of random weights, free to be changed. */
export function randomModel(family: RandomFamily, files: RandomModelFiles): string {
  const folder = temporaryFolder();
  const families = path.join(root, 'test/fixtures/families');
  mkdirSync(path.join(folder, 'onnx'));
  for (const [name, source] of Object.entries(GRAPHS[family])) {
    cpSync(path.join(families, source), path.join(folder, 'onnx', name));
  }
  const config = JSON.parse(
    readFileSync(path.join(families, family, 'config.json'), 'utf8'),
  ) as object;
  const write = (name: string, content: object | undefined): void => {
    if (content !== undefined) {
      writeFileSync(path.join(folder, name), JSON.stringify(content));
    }
  };
  write('config.json', { ...config, ...files.config });
  write('generation_config.json', files.generation);
  write('tokenizer.json', files.tokenizer ?? wordTokenizer());
  write('tokenizer_config.json', files.tokenizerConfig);
  return folder;
}

/**
 * A tokenizer whose words are w0, w1, …, one token each.
 * @param others what some ids stand for instead.
 * @param around ids of what stands before and behind every text.
 */
export function wordTokenizer(
  others: Readonly<Record<number, string>> = {},
  around: { before: number[]; after: number[] } = { before: [], after: [] },
): object {
  const word = (id: number): string => others[id] ?? `w${id}`;
  const ids = Array.from({ length: 40 }, (_, id) => id);
  const special = (id: number): object => ({ SpecialToken: { id: word(id), type_id: 0 } });
  const added = [...around.before, ...around.after];
  return {
    version: '1.0',
    added_tokens: added.map((id) => ({ id, content: word(id), special: true, normalized: false })),
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor:
      added.length === 0
        ? null
        : {
            type: 'TemplateProcessing',
            single: [
              ...around.before.map(special),
              { Sequence: { id: 'A', type_id: 0 } },
              ...around.after.map(special),
            ],
            pair: [],
            special_tokens: Object.fromEntries(
              added.map((id) => [word(id), { id: word(id), ids: [id], tokens: [word(id)] }]),
            ),
          },
    decoder: { type: 'Fuse' },
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(ids.map((id) => [word(id), id])),
      unk_token: 'w3',
    },
  };
}
