import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { parseParams, type EngineMethod } from '../../../src/engine/params';
import { failure } from '../../support/failures';

const head = { trace: 't', site: 'blocks.0.attn', head: 0 };
const options = { maxNewTokens: 1 };
const model = { folder: 'm' };
const complete = (more: object): object => ({
  model,
  text: '',
  options: { ...options, ...more },
});
const textToText = [
  { model, text: 'x', options: {} },
  { model: { bundled: 'translate' }, text: 'x', options: { maxNewTokens: 3, temperature: 0 } },
];
const fillMask = (more: object): object => ({
  model,
  text: 'a b',
  blank: { start: 0, end: 1 },
  count: 5,
  ...more,
});

const tensor = { path: 'm', file: 'm.onnx', name: 'w' };
const tile = (more: object): object => ({
  tensor,
  window: { row: 0, rows: 1, column: 0, columns: 1 },
  rows: 1,
  columns: 1,
  ...more,
});

const accepted: { [K in EngineMethod]: object[] } = {
  openModel: [
    { model },
    { model: { bundled: 'fillMask' } },
    { model, use: 'translate' },
    { model, use: 'trace' },
  ],
  inspect: [{ path: 'm.onnx' }],
  describe: [{ path: 'm.onnx' }],
  cost: [{ path: 'm.onnx' }],
  stack: [{ path: 'm.onnx' }],
  moduleGraphs: [{ path: 'm.onnx' }],
  nodeDetail: [{ file: 'm.onnx', node: 0 }],
  check: [{ path: 'm.onnx' }],
  diff: [
    { a: 'm.onnx', b: 'n.onnx' },
    { a: 'm.onnx', b: 'n.onnx', run: {} },
    { a: 'm.onnx', b: 'n.onnx', run: { text: 'x' } },
  ],
  profile: [{ path: 'm' }, { path: 'm', text: 'x', runs: 1000 }],
  tensors: [{ path: 'm.onnx' }],
  tensorStatistics: [{ tensor }, { tensor: { ...tensor, occurrence: 2 } }],
  tensorTile: [tile({}), tile({ rows: 2048, columns: 1 })],
  tensorText: [
    { tensor, threshold: 1000 },
    { tensor, threshold: 0 },
  ],
  saveTensor: [{ tensor, target: 'w.npy', replace: false }],
  tokenize: [{ model, text: '' }],
  complete: [
    complete({}),
    complete({ temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1.3, seed: 0 }),
    complete({ seed: 4294967295 }),
    { ...complete({}), stopAt: 'sentence' },
  ],
  translate: [
    ...textToText,
    {
      model,
      text: 'x',
      format: 'markdown',
      options: {},
      languages: { source: 'en', target: 'fr' },
    },
  ],
  summarize: textToText,
  fillMask: [
    fillMask({}),
    fillMask({ blank: { start: 2, end: 3 }, count: 1 }),
    fillMask({ count: 1000 }),
  ],
  trace: [
    { model, text: 'x' },
    { model, text: 'x', target: '' },
    { model, text: 'x', languages: { target: 'fr' } },
  ],
  thumbnails: [{ trace: 't', site: 's', size: 1 }],
  headMap: [head],
  headRow: [{ ...head, query: 0 }],
  headScores: [{ trace: 't' }],
  verify: [{ trace: 't' }],
  hookPoints: [{ trace: 't' }],
  record: [
    { trace: 't', points: [] },
    { trace: 't', points: ['hook_embed'] },
  ],
  ablate: [head],
  ablateElsewhere: [
    { ...head, texts: [] },
    { ...head, texts: ['before', 'behind'] },
  ],
  maskTokens: [{ trace: 't', tokens: [0, 3] }],
  logitLens: [{ trace: 't' }],
  rollout: [{ trace: 't' }],
  valueMap: [head],
  releaseTrace: [{ trace: 't' }],
};

const refused: [method: EngineMethod, params: unknown, where: string][] = [
  ['openModel', undefined, 'openModel'],
  ['openModel', 'm', 'openModel'],
  ['openModel', {}, 'openModel.model'],
  ['openModel', { model: 'm' }, 'openModel.model'],
  ['openModel', { model: { bundled: 'trace' } }, 'openModel.model'],
  ['openModel', { model: { folder: 'm', bundled: 'complete' } }, 'openModel.model'],
  ['openModel', { model, use: 'inspect' }, 'openModel.use'],
  ['inspect', { path: 7 }, 'inspect.path'],
  ['nodeDetail', { file: 'm.onnx', node: -1 }, 'nodeDetail.node'],
  ['check', { path: 7 }, 'check.path'],
  [
    'tensorStatistics',
    { tensor: { ...tensor, occurrence: 0 } },
    'tensorStatistics.tensor.occurrence',
  ],
  ['tensorStatistics', { tensor: { path: 'm', name: 'w' } }, 'tensorStatistics.tensor.file'],
  ['tensorTile', tile({ rows: 2049 }), 'tensorTile.rows'],
  [
    'tensorTile',
    tile({ window: { row: -1, rows: 1, column: 0, columns: 1 } }),
    'tensorTile.window.row',
  ],
  ['tensorText', { tensor, threshold: 2 ** 17 + 1 }, 'tensorText.threshold'],
  ['saveTensor', { tensor, target: 'w.npy' }, 'saveTensor.replace'],
  ['tokenize', { model }, 'tokenize.text'],
  ['tokenize', { model, text: null }, 'tokenize.text'],
  ['complete', { model, text: '' }, 'complete.options'],
  ['complete', complete({ maxNewTokens: 0 }), 'complete.options.maxNewTokens'],
  ['complete', complete({ maxNewTokens: 1.5 }), 'complete.options.maxNewTokens'],
  ['complete', complete({ temperature: -0.1 }), 'complete.options.temperature'],
  ['complete', complete({ temperature: Infinity }), 'complete.options.temperature'],
  ['complete', complete({ temperature: null }), 'complete.options.temperature'],
  ['complete', complete({ topK: -1 }), 'complete.options.topK'],
  ['complete', complete({ topP: 0 }), 'complete.options.topP'],
  ['complete', complete({ topP: 1.01 }), 'complete.options.topP'],
  ['complete', complete({ repetitionPenalty: 0 }), 'complete.options.repetitionPenalty'],
  ['complete', complete({ seed: 0.5 }), 'complete.options.seed'],
  ['complete', complete({ seed: NaN }), 'complete.options.seed'],
  ['complete', complete({ seed: 4294967296 }), 'complete.options.seed'],
  ['translate', { model, text: 'x' }, 'translate.options'],
  ['translate', { model, options: {} }, 'translate.text'],
  ['summarize', { model, text: 'x', options: { topP: 2 } }, 'summarize.options.topP'],
  [
    'summarize',
    { model, text: 'x', options: { maxNewTokens: 0 } },
    'summarize.options.maxNewTokens',
  ],
  ['fillMask', fillMask({ count: 0 }), 'fillMask.count'],
  ['fillMask', fillMask({ count: 1001 }), 'fillMask.count'],
  ['fillMask', fillMask({ blank: { start: 1, end: 1 } }), 'fillMask.blank'],
  ['fillMask', fillMask({ blank: { start: 1, end: 4 } }), 'fillMask.blank'],
  ['fillMask', fillMask({ blank: { start: -1, end: 1 } }), 'fillMask.blank.start'],
  ['trace', { model: ['m'], text: 'x' }, 'trace.model'],
  ['trace', { model, text: 'x', target: 7 }, 'trace.target'],
  ['thumbnails', { trace: 't', site: 's', size: 0 }, 'thumbnails.size'],
  ['thumbnails', { trace: 't', site: 's', size: 1e9 }, 'thumbnails.size'],
  ['headMap', { ...head, head: -1 }, 'headMap.head'],
  ['headMap', { ...head, site: undefined }, 'headMap.site'],
  ['headScores', { trace: 7 }, 'headScores.trace'],
  ['headRow', { ...head, query: 2 ** 0.5 }, 'headRow.query'],
  ['record', { trace: 't', points: 'hook_embed' }, 'record.points'],
  ['ablate', { ...head, head: 'all' }, 'ablate.head'],
  ['ablateElsewhere', head, 'ablateElsewhere.texts'],
  ['ablateElsewhere', { ...head, texts: ['a', 1] }, 'ablateElsewhere.texts.1'],
  ['maskTokens', { trace: 't', tokens: [-1] }, 'maskTokens.tokens.0'],
  ['releaseTrace', {}, 'releaseTrace.trace'],
  // What a method does not know would be lost without a word.
  ['summarize', { model, text: 'x', options: {}, languages: {} }, 'summarize.languages'],
  ['translate', { model, text: 'x', options: { beam: 4 } }, 'translate.options.beam'],
];

suite('engine/params', () => {
  for (const [method, list] of Object.entries(accepted)) {
    test(`what ${method} takes passes unchanged`, () => {
      for (const params of list) {
        assert.deepEqual(parseParams(method as EngineMethod, params), params);
      }
    });
  }

  for (const [method, params, where] of refused) {
    test(`refused and named: ${where} of ${JSON.stringify(params)}`, () => {
      const found = failure(() => parseParams(method, params));
      assert.deepEqual([found.kind, found.where], ['input', where]);
    });
  }
});
