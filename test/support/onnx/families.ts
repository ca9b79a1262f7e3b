import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../root';

/** Where `make.py`, `quantized.py` and `builder.py` leave a folder for every family of models. */
const folder = path.join(root, 'test/fixtures/families');

/** Folders, with the names that the families go by. */
export const FAMILIES = {
  bert: 'BERT',
  distilbert: 'DistilBERT',
  albert: 'ALBERT',
  roberta: 'RoBERTa',
  gpt2: 'GPT-2',
  llama: 'Llama',
  qwen2: 'Qwen2',
  t5: 'T5',
  bart: 'BART',
  marian: 'Marian',
  pegasus: 'PEGASUS',
  m2m100: 'M2M100',
  wav2vec2: 'Wav2Vec2',
  phi3: 'Phi-3',
  gemma2: 'Gemma 2',
  bloom: 'BLOOM',
  falcon: 'Falcon',
  qwen3: 'Qwen3',
  qwen3_5: 'Qwen3.5',
  lfm2: 'LFM2',
  deepseek_v3: 'DeepSeek-V3',
  modernbert: 'ModernBERT',
  deberta_v2: 'DeBERTa-v2',
  xlnet: 'XLNet',
  clip_text: 'CLIP, text',
} as const;

export type Family = keyof typeof FAMILIES;

/** Families that the reference Transformer does not know. */
export const WITHOUT_REFERENCE: ReadonlySet<string> = new Set<Family>([
  'phi3',
  'gemma2',
  'bloom',
  'falcon',
  'qwen3',
  'qwen3_5',
  'lfm2',
  'deepseek_v3',
  'modernbert',
  'deberta_v2',
  'xlnet',
  'clip_text',
]);

/** Forms of the files of one export, by the ends of their names. */
const PRECISIONS = {
  '': 'float32',
  _quantized: 'int8',
  _uint8: 'uint8 by column',
  _qdq: 'static int8',
  _fp16: 'float16',
  _q4: '4 bits',
  _q4f16: '4 bits, float16',
  _bnb4: '4 bits, NF4',
} as const;

export type Precision = (typeof PRECISIONS)[keyof typeof PRECISIONS];

/** The parts that a model is exported in, by the stem of the file. In the order of use. */
export const PARTS = [
  'model',
  'encoder_model',
  'decoder_model',
  'decoder_with_past_model',
  'decoder_model_merged',
] as const;

export type Part = (typeof PARTS)[number];

/** Files that one model was exported to at once: all of it, or its encoder and decoders. */
export interface ModelExport {
  /** E.g. `bart/torchscript-eager, int8`. */
  id: string;
  family: Family;
  /**
   * Folder with what is expected, below that of all families: the family's, or the export's own where
   * that is of a model of its own.
   */
  source: string;
  exporter: Exporter;
  attention: Implementation;
  precision: Precision;
  /** Whether a decoder without an encoder takes and returns keys and values of earlier steps. */
  isCached: boolean;
  /** Whether it is in the version of ONNX's operators that has one for attention. */
  isLatest: boolean;
  /** Whether ONNX Runtime's optimizer has put operators of its own in. */
  isOptimized: boolean;
  /** Whether the larger weights lie in another file. */
  isExternal: boolean;
  folder: string;
  /** Names of the files, by what is in them. */
  files: ReadonlyMap<Part, string>;
}

/** PyTorch's two, Optimum, `transformers`' own, and the model builder of ONNX Runtime GenAI. */
const EXPORTERS = ['torchscript', 'dynamo', 'optimum', 'transformers', 'builder'] as const;

export type Exporter = (typeof EXPORTERS)[number];

/** Of attention: those of `transformers`, and the operator that the model builder takes. */
export type Implementation = 'eager' | 'sdpa' | 'gqa';

/** Attention of one layer: [head][query][key]. */
export type Heads = number[][][];

/** What a model is given, and what `transformers` computes for it. */
export interface Example {
  name: string;
  /** Each a single row. */
  inputs: Record<string, number[]>;
  /** By the id of the layer. */
  attention: Record<string, Heads>;
  /** By the stack: [layer][token][width]; first the embeddings. */
  hidden: Record<string, number[][][]>;
  /** [token][vocabulary] */
  logits: number[][];
}

/** Families that there are fixtures of. */
export function familyFolders(): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && exportFolders(entry.name).length > 0)
    .map(({ name }) => name);
}

/** Folders of a family's exports, in the order of their names. */
function exportFolders(family: string): string[] {
  return readdirSync(path.join(folder, family), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** All exports of a family, in the order of their names. */
export function exportsOf(family: Family): ModelExport[] {
  return exportFolders(family).flatMap((name) => exportsIn(family, name));
}

/** @param source a family, or the `source` of an export. */
export function examplesOf(source: string): Example[] {
  return JSON.parse(readFileSync(path.join(folder, source, 'expected.json'), 'utf8')) as Example[];
}

function isExporter(name: string | undefined): name is Exporter {
  return (EXPORTERS as readonly (string | undefined)[]).includes(name);
}

function isImplementation(name: string | undefined): name is Implementation {
  return name === 'eager' || name === 'sdpa' || name === 'gqa';
}

function exportsIn(family: Family, name: string): ModelExport[] {
  const [exporter, attention, storage] = name.split('-');
  if (!isExporter(exporter) || !isImplementation(attention)) {
    throw new Error(`${family}/${name} is not named EXPORTER-ATTENTION`);
  }
  const names = readdirSync(path.join(folder, family, name)).filter((file) =>
    file.endsWith('.onnx'),
  );
  const own = `${family}/${name}`;
  const found = Object.entries(PRECISIONS)
    .map(([suffix, precision]): ModelExport => {
      const files = PARTS.map((part) => [part, `${part}${suffix}.onnx`] as const);
      return {
        id: `${family}/${name}, ${precision}`,
        family,
        source: existsSync(path.join(folder, own, 'expected.json')) ? own : family,
        exporter,
        attention,
        precision,
        isCached: storage === 'cache' || storage === 'merged' || exporter === 'builder',
        isLatest: storage === 'latest',
        isOptimized: storage === 'optimized',
        isExternal: storage === 'external',
        folder: path.join(folder, family, name),
        files: new Map(files.filter(([, file]) => names.includes(file))),
      };
    })
    .filter(({ files }) => files.size > 0);
  if (found.reduce((count, { files }) => count + files.size, 0) !== names.length) {
    throw new Error(`${family}/${name} has a file of a name that is not known`);
  }
  return found;
}
