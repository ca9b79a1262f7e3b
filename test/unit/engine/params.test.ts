import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { parseParams, type EngineMethod } from '../../../src/engine/params';
import { failure } from '../../support/failures';

const head = { trace: 't', site: 'blocks.0.attn', head: 0 };
const options = { maxNewTokens: 1 };
const complete = (more: object): object => ({
  model: 'm',
  text: '',
  options: { ...options, ...more },
});

const accepted: { [K in EngineMethod]: object[] } = {
  openModel: [{ model: 'm' }],
  inspect: [{ path: 'm.onnx' }],
  tokenize: [{ model: 'm', text: '' }],
  complete: [
    complete({}),
    complete({ temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1.3, seed: 0 }),
  ],
  trace: [{ model: 'm', text: 'x' }],
  thumbnails: [{ trace: 't', site: 's', size: 1 }],
  headMap: [head],
  headRow: [{ ...head, query: 0 }],
  releaseTrace: [{ trace: 't' }],
};

const refused: [method: EngineMethod, params: unknown, where: string][] = [
  ['openModel', undefined, 'openModel'],
  ['openModel', 'm', 'openModel'],
  ['openModel', {}, 'openModel.model'],
  ['inspect', { path: 7 }, 'inspect.path'],
  ['tokenize', { model: 'm' }, 'tokenize.text'],
  ['tokenize', { model: 'm', text: null }, 'tokenize.text'],
  ['complete', { model: 'm', text: '' }, 'complete.options'],
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
  ['trace', { model: ['m'], text: 'x' }, 'trace.model'],
  ['thumbnails', { trace: 't', site: 's', size: 0 }, 'thumbnails.size'],
  ['thumbnails', { trace: 't', site: 's', size: 1e9 }, 'thumbnails.size'],
  ['headMap', { ...head, head: -1 }, 'headMap.head'],
  ['headMap', { ...head, site: undefined }, 'headMap.site'],
  ['headRow', { ...head, query: 2 ** 0.5 }, 'headRow.query'],
  ['releaseTrace', {}, 'releaseTrace.trace'],
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
