import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './root';
import { temporaryFolder } from './temporary';

const families = path.join(root, 'test/fixtures/families');

/** An export of a family's fixtures, in one of its forms. */
export interface FamilyForm {
  /** Folder of the export below that of all families, e.g. `bart/torchscript-eager`. */
  folder: string;
  /** End of the files' names, e.g. `_fp16`. */
  suffix?: string;
  /** Stems of the files, in the order of use. */
  graphs: readonly string[];
  /** Whether the folder of the export has weights and configuration of its own. */
  isOwn?: boolean;
}

/** Words of the tokenizer that these models are given: the digits and letters of their ids. */
const WORDS = Array.from({ length: 40 }, (_, id) => `w${id}`);

/** A text of the ids that follow one another from `first` on in steps of 7, without those of the special tokens. */
export function wordsFrom(first: number, count: number): string {
  return Array.from({ length: count }, (_, i) => WORDS[3 + ((first + 7 * i) % 37)]).join(' ');
}

/**
 * A folder with a family's fixture as a model that can be opened: its weights as `transformers` saved
 * them, and a tokenizer of 40 words for its 40 ids. Free to be changed.
 */
export function familyModel({ folder, suffix = '', graphs, isOwn = false }: FamilyForm): string {
  const target = temporaryFolder();
  const source = path.join(families, folder);
  const saved = isOwn ? source : path.dirname(source);
  for (const file of ['config.json', 'model.safetensors']) {
    cpSync(path.join(saved, file), path.join(target, file));
  }
  const config = JSON.parse(readFileSync(path.join(saved, 'config.json'), 'utf8')) as {
    vocab_size: number;
  };
  writeFileSync(path.join(target, 'tokenizer.json'), JSON.stringify(tokenizer(config.vocab_size)));
  mkdirSync(path.join(target, 'onnx'));
  for (const graph of graphs) {
    cpSync(path.join(source, `${graph}${suffix}.onnx`), path.join(target, `onnx/${graph}.onnx`));
  }
  return target;
}

function tokenizer(words: number): object {
  return {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(WORDS.slice(0, words).map((word, id) => [word, id])),
      unk_token: WORDS[3],
    },
  };
}

/** Exports in float16, of each exporter. */
export const HALF_PRECISION: readonly FamilyForm[] = [
  ...['bert', 'gpt2', 'llama'].flatMap((family) =>
    ['torchscript-eager', 'dynamo-sdpa'].map((exporter) => ({
      folder: `${family}/${exporter}`,
      suffix: '_fp16',
      graphs: ['model'],
    })),
  ),
  {
    folder: 'bart/torchscript-eager',
    suffix: '_fp16',
    graphs: ['encoder_model', 'decoder_model_merged'],
  },
];
