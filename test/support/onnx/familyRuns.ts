import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  asFloat32,
  boolVector,
  zeros,
  int64Row,
  type Tensor,
} from '../../../src/engine/runtime/tensor';
import type { OnnxModel, ValueInfo } from '../../../src/onnx/graph/model';
import type { AttentionTap } from '../../../src/onnx/attention/tap';
import { examplesOf, type Example, type ModelExport, type Part } from './families';
import { configOf } from '../reference/families';
import { largestDifference, openTapped, output, type TappedSession } from './tapped';

/** How far a model's numbers are from those of `transformers`, at most. */
export interface Differences {
  attention: number;
  /** Logits, or the states that an encoder returns. */
  results: number;
}

/** Is told what a session was fed and what came out. */
export type RunObserver = (
  session: TappedSession,
  feeds: ReadonlyMap<string, Tensor>,
  outputs: ReadonlyMap<string, Tensor>,
) => Promise<void>;

/** Where a run with a cache is cut in two: tokens of the first step. */
const FIRST_STEP = 4;

/**
 * Runs all files of an export with their attention tapped, in the way that they are used: the
 * decoder on what the encoder returns, a decoder with past on the cache of the one that starts.
 * @param observe is called after each run.
 */
export async function measureTaps(
  one: ModelExport,
  observe: RunObserver = () => Promise.resolve(),
): Promise<Differences> {
  const sessions = new Map<Part, TappedSession>();
  const differences: Differences = { attention: 0, results: 0 };
  try {
    for (const [part, file] of one.files) {
      const bytes = readFileSync(path.join(one.folder, file));
      sessions.set(part, await openTapped(bytes, one.folder, file));
    }
    for (const example of examplesOf(one.source)) {
      const run = new ExampleRun(example, sessions, differences, observe, headSizeOf(one.source));
      await run.run(one.isCached);
    }
  } finally {
    await Promise.all(Array.from(sessions.values(), ({ session }) => session.dispose()));
  }
  return differences;
}

type Named = Record<string, Tensor>;

/** New tokens of a step, from one position to before another. */
interface Stretch {
  from: number;
  to: number;
}

class ExampleRun {
  constructor(
    private readonly example: Example,
    private readonly sessions: ReadonlyMap<Part, TappedSession>,
    private readonly differences: Differences,
    private readonly observe: RunObserver,
    /** Size of a head, where the graph leaves it open. */
    private readonly headSize: number,
  ) {}

  async run(isCached: boolean): Promise<void> {
    const whole = this.sessions.get('model');
    if (this.sessions.has('encoder_model')) {
      await this.runEncoderAndDecoders();
    } else if (whole === undefined) {
      await this.runMerged(this.session('decoder_model_merged'), this.textInputs);
    } else if (isCached) {
      await this.runInTwoSteps(whole);
    } else {
      const outputs = await this.feed(whole, this.inputs());
      this.compare(whole, outputs, 'logits', this.example.logits);
    }
  }

  private async runInTwoSteps(whole: TappedSession): Promise<void> {
    let past: Named = {};
    for (const stretch of inTwo(this.example.logits.length)) {
      const outputs = await this.feed(whole, { ...this.textInputs(stretch), ...past });
      this.compare(whole, outputs, 'logits', this.example.logits, stretch);
      past = cacheAfter(outputs, past);
    }
  }

  private async runEncoderAndDecoders(): Promise<void> {
    const encoder = this.session('encoder_model');
    const encoded = await this.feed(encoder, this.inputs());
    this.compare(
      encoder,
      encoded,
      'last_hidden_state',
      this.example.hidden['encoder']?.at(-1) ?? [],
    );
    const states = output(encoded, 'last_hidden_state');

    const decoder = this.sessions.get('decoder_model');
    if (decoder !== undefined) {
      const whole = { from: 0, to: this.targetIds.length };
      const decoded = await this.feed(decoder, this.decoderInputs(states, whole));
      this.compare(decoder, decoded, 'logits', this.example.logits);
    }
    const withPast = this.sessions.get('decoder_with_past_model');
    if (decoder !== undefined && withPast !== undefined) {
      await this.goOn(decoder, withPast, states);
    }
    const merged = this.sessions.get('decoder_model_merged');
    if (merged !== undefined) {
      await this.runMerged(merged, (stretch) => this.decoderInputs(states, stretch));
    }
  }

  /** Starts with one decoder and goes on with another. */
  private async goOn(
    decoder: TappedSession,
    withPast: TappedSession,
    states: Tensor,
  ): Promise<void> {
    const [first, rest] = inTwo(this.targetIds.length);
    const past = cacheAfter(await this.feed(decoder, this.decoderInputs(states, first)), {});
    const outputs = await this.feed(withPast, { ...this.decoderInputs(states, rest), ...past });
    this.compare(withPast, outputs, 'logits', this.example.logits, rest);
  }

  /** Its maps are those of the branch that starts. */
  private async runMerged(
    merged: TappedSession,
    inputs: (stretch: Stretch) => Named,
  ): Promise<void> {
    const tokens = this.example.logits.length;
    const started = await this.feed(merged, inputs({ from: 0, to: tokens }));
    this.compare(merged, started, 'logits', this.example.logits);

    const [first, rest] = inTwo(tokens);
    const past = cacheAfter(await this.feed(merged, inputs(first)), {});
    const outputs = await this.feed(merged, {
      ...inputs(rest),
      ...past,
      use_cache_branch: boolVector(true),
    });
    this.compareResult(output(outputs, 'logits'), this.example.logits.slice(rest.from));
    for (const { value } of merged.taps) {
      assert.equal(asFloat32(output(outputs, value)).length, 0, value);
    }
  }

  /** Runs a model on what is given, as far as it takes it; answers maps and all other outputs. */
  private async feed(tapped: TappedSession, given: Named): Promise<ReadonlyMap<string, Tensor>> {
    const { model, taps, session } = tapped;
    const feeds = new Map(
      model.graph.inputs.map((input): [string, Tensor] => [
        input.name,
        given[input.name] ?? nothingBefore(input, this.headSize),
      ]),
    );
    const fetched = [...outputNames(model), ...taps.map(({ value }) => value)];
    const outputs = await session.run(feeds, fetched);
    await this.observe(tapped, feeds, outputs);
    return outputs;
  }

  private inputs(): Named {
    return Object.fromEntries(
      Object.entries(this.example.inputs).map(([name, row]) => [
        name,
        name === 'input_values'
          ? { type: 'float32', data: Float32Array.from(row), dims: [1, row.length] }
          : int64Row(row),
      ]),
    );
  }

  /** For a decoder without an encoder. */
  private readonly textInputs = ({ from, to }: Stretch): Named => {
    const { input_ids = [], attention_mask = [] } = this.example.inputs;
    return {
      input_ids: int64Row(input_ids.slice(from, to)),
      attention_mask: int64Row(attention_mask.slice(0, to)),
      position_ids: int64Row(Array.from({ length: to - from }, (_, index) => from + index)),
    };
  };

  private decoderInputs(states: Tensor, { from, to }: Stretch): Named {
    return {
      input_ids: int64Row(this.targetIds.slice(from, to)),
      encoder_attention_mask: int64Row(this.example.inputs['attention_mask'] ?? []),
      encoder_hidden_states: states,
    };
  }

  private get targetIds(): number[] {
    return this.example.inputs['decoder_input_ids'] ?? [];
  }

  private session(part: Part): TappedSession {
    const session = this.sessions.get(part);
    assert.ok(session, `there is no ${part}`);
    return session;
  }

  /** Holds maps and result of a run against the expected ones. */
  private compare(
    { taps }: TappedSession,
    outputs: ReadonlyMap<string, Tensor>,
    result: string,
    expected: number[][],
    { from, to }: Stretch = { from: 0, to: expected.length },
  ): void {
    for (const tap of taps) {
      this.compareMaps(tap, output(outputs, tap.value), { from, to });
    }
    const isText = (_: unknown, index: number): boolean => this.isText(from + index);
    this.compareResult(output(outputs, result), expected.slice(from, to), isText);
  }

  private compareMaps({ id, kind }: AttentionTap, map: Tensor, { from, to }: Stretch): void {
    const expected = this.example.attention[id];
    assert.ok(expected, `${id} is not in expected.json`);
    const heads = expected.map((head) =>
      head.slice(from, to).map((row) => (kind === 'masked' ? row.slice(0, to) : row)),
    );
    const [queries = []] = heads;
    const keys = queries[0]?.length ?? 0;
    assert.deepEqual([...map.dims], [1, heads.length, queries.length, keys], id);
    const actual = asFloat32(map);
    for (const [head, rows] of heads.entries()) {
      for (const [query, row] of rows.entries()) {
        if (this.isText(from + query)) {
          const start = (head * rows.length + query) * keys;
          const worst = largestDifference(actual.subarray(start, start + keys), row);
          this.differences.attention = Math.max(this.differences.attention, worst);
        }
      }
    }
  }

  private compareResult(
    result: Tensor,
    expected: number[][],
    isCompared: (row: number[], index: number) => boolean = () => true,
  ): void {
    const width = expected[0]?.length ?? 0;
    assert.deepEqual([...result.dims], [1, expected.length, width]);
    const actual = asFloat32(result);
    for (const [index, row] of expected.entries()) {
      if (isCompared(row, index)) {
        const worst = largestDifference(actual.subarray(index * width, (index + 1) * width), row);
        this.differences.results = Math.max(this.differences.results, worst);
      }
    }
  }

  /**
   * Padding before the text sees nothing, so that what comes out for it depends on the
   * implementation of attention and means nothing.
   */
  private isText(query: number): boolean {
    const { attention_mask, decoder_input_ids } = this.example.inputs;
    const isBeforeText =
      attention_mask?.[0] === 0 && decoder_input_ids === undefined && attention_mask[query] === 0;
    return !isBeforeText;
  }
}

function inTwo(length: number): [Stretch, Stretch] {
  return [
    { from: 0, to: FIRST_STEP },
    { from: FIRST_STEP, to: length },
  ];
}

function outputNames({ graph }: OnnxModel): string[] {
  return graph.outputs.map(({ name }) => name);
}

/** What a run that starts gives for a cache and for the switch of a merged decoder. */
function nothingBefore({ name, type }: ValueInfo, headSize: number): Tensor {
  if (name === 'use_cache_branch') {
    return boolVector(false);
  }
  assert.match(name, /^(input\.)?past_/);
  assert.ok(type?.kind === 'tensor');
  assert.ok(type.dtype === 'float32' || type.dtype === 'float16');
  const sizes = (type.shape ?? []).map((size, axis) => {
    if (axis === 0) return 1;
    return typeof size === 'number' ? size : size === 'kv_cache_dim' ? headSize : 0;
  });
  return zeros(type.dtype, sizes);
}

/** The cache for the next step. What is made of the encoder's tokens comes out of the first alone. */
function cacheAfter(outputs: ReadonlyMap<string, Tensor>, past: Named): Named {
  const presents = Array.from(outputs)
    .filter(([name]) => /^(present[._]|output\.)/.test(name))
    .map(([name, tensor]) => {
      const past = name
        .replace('present.', 'past_key_values.')
        .replace('present_', 'past_')
        .replace('output.', 'input.');
      return [past, tensor] as const;
    });
  return { ...past, ...Object.fromEntries(presents) };
}

/** Size of a head of a decoder, which ONNX Runtime's model builder leaves open in its graphs. */
function headSizeOf(source: string): number {
  const config = configOf(source);
  const { head_dim, hidden_size, num_attention_heads } = {
    ...config,
    ...(config['text_config'] as typeof config | undefined),
  };
  return Number(head_dim ?? Number(hidden_size) / Number(num_attention_heads));
}
