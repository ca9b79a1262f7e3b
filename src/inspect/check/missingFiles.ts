import { phrase, type Phrase } from '../../shared/failure';
import type { FindingSeverity } from '../../shared/modelCheck';
import { folderRule } from './folderRule';
import type { CheckedFolder, CheckedModel, Found } from './rule';
import { readsPast, readsText, writer } from './textGraphs';

/** A file that a folder should have. */
interface Wanted {
  name: string;
  severity: FindingSeverity;
  message: Phrase;
  remedy: Phrase;
}

/** Vocabularies of tokenizers that are written in Python, which tokenizer.json can be made of. */
const SLOW_TOKENIZERS = [
  ...['vocab.txt', 'vocab.json', 'spiece.model', 'sentencepiece.bpe.model', 'tokenizer.model'],
  ...['source.spm'],
];

/** Files that the folder of a model has beside its graphs, as far as the model needs them. */
export const missingFiles = folderRule({
  id: 'folder/missing-files',
  check(model, folder, work): Found[] {
    if (holdsUnrelated(folder)) {
      work.skip(phrase('Nothing says that the files of the folder are one model'));
      return [];
    }
    return [
      ...describingFiles(model, folder),
      ...otherStack(folder),
      ...decoderForLaterSteps(model, folder),
    ]
      .filter(({ name }) => !folder.names.has(name))
      .map(({ severity, message, remedy }) => ({
        severity,
        message,
        remedy,
        place: { file: folder.folder },
      }));
  },
});

/** Files that tell of one model. */
const DESCRIBING = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

/** Whether a folder only keeps several models. */
function holdsUnrelated({ names }: CheckedFolder): boolean {
  const graphs = [...names].filter((name) => name.endsWith('.onnx'));
  return graphs.length > 1 && DESCRIBING.every((name) => !names.has(name));
}

function describingFiles(model: CheckedModel, folder: CheckedFolder): Wanted[] {
  if (!readsText(model)) {
    return [];
  }
  const slow = SLOW_TOKENIZERS.find((name) => folder.names.has(name));
  const wanted: Wanted[] = [
    {
      name: 'config.json',
      severity: 'warning',
      message: phrase('The folder has no config.json, which says what kind of model it is'),
      remedy: phrase('copy it from the model that was exported'),
    },
    {
      name: 'tokenizer.json',
      severity: 'warning',
      message: phrase(
        'The folder has no tokenizer.json, so that no text can be given to the model',
      ),
      remedy:
        slow === undefined
          ? phrase('copy it from the model that was exported')
          : phrase('make it of {0}: load the tokenizer with transformers and save it again', slow),
    },
  ];
  if (folder.names.has('tokenizer.json')) {
    wanted.push({
      name: 'tokenizer_config.json',
      severity: 'note',
      message: phrase(
        'The folder has no tokenizer_config.json, which names the tokens that begin, end and fill texts',
      ),
      remedy: phrase('copy it from the model that was exported'),
    });
  }
  if (writer(model) !== undefined) {
    wanted.push({
      name: 'generation_config.json',
      severity: 'note',
      message: phrase(
        'The folder has no generation_config.json: texts are written with what config.json says, and else with general defaults',
      ),
      remedy: phrase('copy it from the model that was exported, or save one with transformers'),
    });
  }
  return wanted;
}

/** The half of an encoder–decoder model whose other half is not there. */
function otherStack({ names, config }: CheckedFolder): Wanted[] {
  const has = (stem: string): boolean =>
    [...names].some(
      (name) => name.replace(/^onnx\//, '').startsWith(stem) && name.endsWith('.onnx'),
    );
  const isSaid = config?.['is_encoder_decoder'] === true;
  const hasEncoder = has('encoder_model');
  const hasDecoder = has('decoder_model');
  const remedy = phrase('export encoder and decoder with Optimum or for Transformers.js');
  if (isSaid && !hasDecoder && hasEncoder) {
    return [
      {
        name: 'onnx/decoder_model_merged.onnx',
        severity: 'error',
        message: phrase('The folder has an encoder, but not the decoder that belongs to it'),
        remedy,
      },
    ];
  }
  return isSaid && !hasEncoder && hasDecoder
    ? [
        {
          name: 'onnx/encoder_model.onnx',
          severity: 'error',
          message: phrase('The folder has a decoder, but not the encoder that belongs to it'),
          remedy,
        },
      ]
    : [];
}

/** A decoder that can start a text and not go on from a cache. */
function decoderForLaterSteps(model: CheckedModel, { names, config }: CheckedFolder): Wanted[] {
  const decoder = writer(model);
  const hasCache =
    decoder === undefined ||
    decoder.onnx.graph.outputs.every(({ name }) => !/^present/.test(name)) ||
    model.graphs.some(readsPast) ||
    [...names].some((name) => /decoder_with_past_model|decoder_model_merged/.test(name));
  return hasCache || config?.['is_encoder_decoder'] !== true
    ? []
    : [
        {
          name: 'onnx/decoder_with_past_model.onnx',
          severity: 'note',
          message: phrase(
            'The decoder makes a cache, but no file of the folder reads it: each token costs a run over all before it',
          ),
          remedy: phrase('export the decoder with past, or a merged decoder, too'),
        },
      ];
}
