import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inEnglish } from '../../../../src/shared/failure';
import type { ModelAbout } from '../../../../src/shared/modelAbout';
import type { ModelOutline } from '../../../../src/shared/modelOutline';
import { factWords } from '../../../../src/wording/inspector/factWords';
import { inspectionMarkdown } from '../../../../src/wording/inspector/inspectionMarkdown';
import { leadWords } from '../../../../src/wording/inspector/leadWords';

const about: ModelAbout = { folder: '/m', name: 'm' };
const site = (component: 'encoder' | 'decoder', kind: 'self' | 'masked' | 'cross') => ({
  id: `${component}.${kind}`,
  component,
  kind,
  layer: 0,
  shape: ['b', 6, 'n', 'n'],
});
const outline: ModelOutline = {
  file: '/m/model.onnx',
  producer: 'pytorch 2.13.0',
  irVersion: 7,
  opsets: [{ domain: 'ai.onnx', version: 14 }],
  inputs: [],
  outputs: [],
  parameters: 3_443_136,
  dtypes: [{ dtype: 'float16', parameters: 3_443_136, bytes: 6_886_272, tensors: 56 }],
  constants: [],
  repeated: [],
  size: { file: 7_000_000, external: 0, memory: 13_800_000 },
  quantization: { scheme: 'none', parts: [], weights: 1, parameters: 1, signedBytes: 0 },
  modules: { name: '', parameters: 0, bytes: 0, operators: [], modules: [] },
  operators: [],
  compatibility: { runtime: 'ONNX Runtime 1.30.0', problems: [] },
  shapes: { known: 10, values: 12 },
  attention: [site('decoder', 'masked'), site('decoder', 'masked')],
};

function lead(more: Partial<ModelAbout> = {}, changed: Partial<ModelOutline> = {}): string {
  const sentences = leadWords(
    { ...about, ...more },
    { ...outline, ...changed },
    (tag) => (tag === 'en' ? 'English' : 'Chinese'),
    'en',
  );
  return sentences.map(inEnglish).join(' ');
}

suite('wording/inspector', () => {
  test('the lead says what a model is, how large, and whether it runs', () => {
    assert.equal(
      lead({ family: 'llama', className: 'LlamaForCausalLM', task: 'complete' }),
      'A Llama model that continues text: **3.44 million parameters** in 2 layers. It needs at least **13.8 MB** of memory, and the bundled runtime can run it.',
    );
    assert.match(
      lead({ task: 'translate', languages: { source: 'en', target: 'zh' }, family: 'marian' }),
      /^A marian model that translates English into Chinese: /,
    );
    assert.match(lead(), /^A model: \*\*3\.44 million parameters\*\* in 2 layers\./);
    assert.match(lead({}, { attention: [] }), /^A model: \*\*3\.44 million parameters\*\*\. /);
  });

  test('two stacks are counted apart; a decoder alone looks at states from elsewhere', () => {
    const cross = [site('decoder', 'masked'), site('decoder', 'cross')];
    assert.match(
      lead({}, { attention: [site('encoder', 'self'), ...cross] }),
      /in an encoder of 1 layers and a decoder of 1\./,
    );
    assert.match(lead({}, { attention: cross }), /which looks at an encoder’s states\./);
  });

  test('what keeps a model from running is in the lead and among the facts', () => {
    const compatibility = {
      runtime: 'ONNX Runtime 1.30.0',
      problems: [{ kind: 'opset' as const, version: 99, newest: 24 }],
    };
    assert.match(
      lead({}, { compatibility }),
      /It \*\*does not run\*\* in the bundled runtime: .*99/,
    );
    const facts = factWords(about, { ...outline, compatibility }, (tag) => tag, 'en').flat();
    const problems = facts.filter(({ isProblem }) => isProblem);
    assert.equal(problems.length, 2);
  });

  test('a name cannot emphasise anything', () => {
    assert.match(lead({ family: '**x**' }), /^A x model: /);
  });

  test('facts leave out what is not known', () => {
    const labels = factWords(about, outline, (tag) => tag, 'en')
      .flat()
      .map(({ label }) => (typeof label === 'string' ? label : inEnglish(label)));
    assert.deepEqual(labels.slice(0, 4), ['Parameters', 'Layers', 'Heads', 'Attention']);
    for (const label of ['Family', 'Task', 'Vocabulary', 'Context', 'Licence']) {
      assert.ok(!labels.includes(label), label);
    }
  });

  test('as Markdown a name stays a name', () => {
    const text = inspectionMarkdown({
      reading: 1,
      name: 'a|b*c',
      files: ['x`y.onnx'],
      lead: ['**One** sentence.'],
      unread: [{ name: 'config.json', message: 'It cannot be read.' }],
      facts: [[{ label: 'Family', value: 'a|b', aside: '<i>' }]],
      dtypes: [],
      memory: 1,
      hasCard: false,
    });
    assert.match(
      text,
      /^# a\|b\\\*c\n\n`xy\.onnx`\n\n\*\*One\*\* sentence\.\n\nconfig\.json: It cannot be read\.\n\n/,
    );
    assert.match(text, /\| Family \| a\\\|b \(\\<i\\>\) \|/);
  });
});
