import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findAttentionTaps } from '../../../../src/onnx/attention/findAttention';
import type { Attribute, Graph, Node, OnnxModel } from '../../../../src/onnx/graph/model';
import type { GraphRole } from '../../../../src/onnx/attention/tap';
import { Failure } from '../../../../src/shared/failure';
import { fixture, readBytes } from '../../../support/onnx/fixtures';
import { seq2seqFixture } from '../../../support/onnx/seq2seq';

const DECODER = [
  'decoder.blocks.0.attn decoder masked 0',
  'decoder.blocks.1.attn decoder masked 1',
  'decoder.blocks.0.cross_attn decoder cross 0',
  'decoder.blocks.1.cross_attn decoder cross 1',
];
const ENCODER = ['encoder.blocks.0.attn encoder self 0', 'encoder.blocks.1.attn encoder self 1'];
const ENCODER_ONLY = ['blocks.0.attn encoder self 0', 'blocks.1.attn encoder self 1'];
const DECODER_ONLY = ['blocks.0.attn decoder masked 0', 'blocks.1.attn decoder masked 1'];

interface Case {
  file: string;
  role: GraphRole;
  sites: string[];
}

const seq2seq = (role: GraphRole, sites: string[], ...files: string[]): Case[] =>
  files.map((file) => ({ file, role, sites }));

const cases = [
  ...seq2seq(
    'decoder',
    DECODER,
    'marian/onnx/decoder_model.onnx',
    'marian/onnx/decoder_with_past_model.onnx',
    'marian/onnx/decoder_model_merged.onnx',
    't5/onnx/decoder_model.onnx',
    't5/onnx/decoder_with_past_model.onnx',
    't5/onnx/decoder_model_merged.onnx',
    'sdpa/marian-decoder-merged.onnx',
    'sdpa/t5-decoder.onnx',
  ),
  ...seq2seq(
    'encoder',
    ENCODER,
    'marian/onnx/encoder_model.onnx',
    't5/onnx/encoder_model.onnx',
    'sdpa/marian-encoder.onnx',
  ),
  ...seq2seq('encoder-only', ENCODER_ONLY, 'bert/onnx/model.onnx'),
];

const decoderOnly = [
  'gpt2-eager',
  'gpt2-sdpa',
  'gpt2-eager-dynamo',
  'llama-eager',
  'llama-sdpa',
  'llama-sdpa-dynamo',
];

suite('onnx/attention, kinds of attention', () => {
  for (const { file, role, sites } of cases) {
    test(`knows the layers of ${file}`, async () => {
      const model = await readBytes(seq2seqFixture(file));
      assert.deepEqual(sitesOf(model, 'test.onnx', role), sites);
    });

    test(`knows the layers of ${file} without a name of a module, input or file`, async () => {
      const model = anonymous(await readBytes(seq2seqFixture(file)));
      const name = role === 'encoder' ? 'onnx/encoder_model.onnx' : 'model.onnx';
      assert.deepEqual(sitesOf(model, name, undefined), sites);
    });
  }

  for (const name of decoderOnly) {
    test(`finds out that ${name}.onnx is a decoder alone`, async () => {
      const model = await readBytes(fixture(`${name}.onnx`));
      assert.deepEqual(sitesOf(anonymous(model), 'model.onnx', undefined), DECODER_ONLY);
    });
  }

  test('knows an encoder by the name of its file', async () => {
    const model = await readBytes(seq2seqFixture('bert/onnx/model.onnx'));
    for (const [file, sites] of [
      ['encoder_model_quantized.onnx', ENCODER],
      ['C:\\models\\encoder_model.onnx', ENCODER],
      ['/encoder_model/model.onnx', ENCODER_ONLY],
      ['my_encoder_model.onnx', ENCODER_ONLY],
    ] as const) {
      assert.deepEqual(sitesOf(model, file, undefined), sites);
    }
  });

  test('takes encoder and decoder of one file apart', async () => {
    const model = withEncoder(
      await readBytes(seq2seqFixture('t5/onnx/encoder_model.onnx')),
      await readBytes(seq2seqFixture('t5/onnx/decoder_model.onnx')),
    );
    assert.deepEqual(sitesOf(model, 'model.onnx', undefined), [...ENCODER, ...DECODER]);
  });

  test('refuses cross attention in a model that has no encoder', async () => {
    const model = await readBytes(seq2seqFixture('marian/onnx/decoder_model.onnx'));
    for (const role of ['decoder-only', 'encoder-only', 'encoder'] as const) {
      assert.throws(
        () => findAttentionTaps(model, 'model.onnx', role),
        (error) => {
          assert.ok(error instanceof Failure);
          assert.equal(error.kind, 'unsupported');
          assert.match(error.message, /cross attention.*encoder_attn\/Softmax.*whole model/);
          return true;
        },
      );
    }
  });
});

function sitesOf(model: OnnxModel, file: string, role: GraphRole | undefined): string[] {
  return findAttentionTaps(model, file, role).map(
    ({ id, component, kind, layer }) => `${id} ${component} ${kind} ${layer}`,
  );
}

/** The same model, with nothing left of what the names of nodes and inputs tell. */
function anonymous(model: OnnxModel): OnnxModel {
  const inputs = new Map(model.graph.inputs.map(({ name }, index) => [name, `input${index}`]));
  return {
    ...model,
    graph: renamed(model.graph, inputs, () => ({ name: '', metadata: new Map() })),
  };
}

function renamed(
  graph: Graph,
  names: ReadonlyMap<string, string>,
  more: (node: Node) => Partial<Node> = () => ({}),
): Graph {
  const called = (name: string): string => names.get(name) ?? name;
  const inner = (attribute: Attribute): Attribute =>
    attribute.kind === 'graph'
      ? { kind: 'graph', value: renamed(attribute.value, names, more) }
      : attribute;
  return {
    ...graph,
    inputs: graph.inputs.map((input) => ({ ...input, name: called(input.name) })),
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(called),
      outputs: node.outputs.map(called),
      attributes: new Map(Array.from(node.attributes, ([name, value]) => [name, inner(value)])),
      ...more(node),
    })),
  };
}

/** A decoder that takes the encoder's states from the encoder itself, as old exports have it. */
function withEncoder(encoder: OnnxModel, decoder: OnnxModel): OnnxModel {
  const prefixed = ({ graph }: OnnxModel, prefix: string): Graph => {
    const own = [
      ...graph.inputs,
      ...graph.initializers,
      ...graph.nodes.flatMap(({ outputs }) => outputs.map((name) => ({ name }))),
    ];
    const names = new Map(own.map(({ name }) => [name, `${prefix}.${name}`]));
    names.set('last_hidden_state', 'states').set('encoder_hidden_states', 'states');
    return renamed(graph, names);
  };
  const first = prefixed(encoder, 'a');
  const second = prefixed(decoder, 'b');
  const inputs = second.inputs.filter(({ name }) => name !== 'states');
  const graph = {
    ...second,
    nodes: [...first.nodes, ...second.nodes],
    inputs: [...first.inputs, ...inputs],
  };
  return { ...decoder, graph };
}
