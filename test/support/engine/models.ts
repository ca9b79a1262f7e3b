import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CallContext, Engine } from '../../../src/engine/engine';
import { createEngine } from '../../../src/engine/engine';
import type { EngineActivity, EngineApi, EngineProgress } from '../../../src/shared/engineApi';
import type { ModelOutline } from '../../../src/shared/modelOutline';
import { root } from '../root';
import { temporaryFolder } from '../temporary';

/** Where `make.py` leaves the files. */
const fixtures = path.join(root, 'test/fixtures/engine');
/** Tiny models with an encoder. */
const seq2seqFixtures = path.join(root, 'test/fixtures/seq2seq');

/** The model that comes with Headlight. */
export const bundled = path.join(root, 'models/headlight-complete');

export type Family = 'llama' | 'gpt2';
export type Graph = 'with-cache' | 'without-cache' | 'half-cache';

/** Parses a JSON fixture, whose shape its maker vouches for. */
export function json(name: string): unknown {
  return JSON.parse(readFileSync(path.join(fixtures, name), 'utf8'));
}

/** What `generate` of `transformers` did. */
export interface Generated {
  prompt: string;
  ids: number[];
  newIds: number[];
  logprobs: number[];
}

export const generated = json('generated.json') as Record<Family, Generated>;

/** A copy of a tiny model's folder, free to be changed. */
export function tinyModel(family: Family, graph: Graph): string {
  const folder = temporaryFolder();
  const source = path.join(fixtures, family);
  for (const name of readdirSync(source).filter((file) => file.endsWith('.json'))) {
    cpSync(path.join(source, name), path.join(folder, name));
  }
  mkdirSync(path.join(folder, 'onnx'));
  cpSync(path.join(source, `${graph}.onnx`), path.join(folder, 'onnx/model.onnx'));
  return folder;
}

/** Entries of the vocabulary of a model, as its configuration has it. */
export function vocabularySize(folder: string): number {
  const config = readFileSync(path.join(folder, 'config.json'), 'utf8');
  return (JSON.parse(config) as { vocab_size: number }).vocab_size;
}

/** Changes entries of a JSON file. */
export function change(file: string, entries: Record<string, unknown>): void {
  const before = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...before, ...entries }));
}

/** An engine, and what it announced. */
export interface Listened {
  engine: Engine;
  activities: EngineActivity[];
}

/** @param home the folder that the shipped models lie in. */
export function listen(home = root): Listened {
  const activities: EngineActivity[] = [];
  return { engine: createEngine(home, (activity) => activities.push(activity)), activities };
}

/** The outline of a path that holds one model. */
export async function inspectOne(engine: Engine, target: string): Promise<ModelOutline> {
  const { outlines, unread } = await engine.inspect({ path: target }, context());
  const [outline, ...others] = outlines;
  assert.ok(outline !== undefined && others.length + unread.length === 0);
  return outline;
}

/** A call's context that records what is reported. */
export function context<K extends keyof EngineApi>(
  signal: AbortSignal = new AbortController().signal,
  reported: unknown[] = [],
): CallContext<K> {
  return { signal, report: (value: EngineProgress[keyof EngineProgress]) => reported.push(value) };
}

/** Which of a tiny encoder–decoder model's decoders a copy has. */
export type Decoders = 'merged' | 'split' | 'without-cache';

const DECODER_FILES: Record<Decoders, string[]> = {
  merged: ['decoder_model_merged'],
  split: ['decoder_model', 'decoder_with_past_model'],
  'without-cache': ['decoder_model'],
};

/** A copy of a tiny encoder–decoder model's folder, free to be changed. */
export function tinySeq2seq(family: 'marian' | 't5', decoders: Decoders = 'merged'): string {
  return copyModel(family, ['encoder_model', ...DECODER_FILES[decoders]]);
}

/** A copy of a tiny encoder-only model's folder, free to be changed. */
export function tinyEncoder(): string {
  return copyModel('bert', ['model']);
}

function copyModel(name: string, graphs: readonly string[]): string {
  const folder = temporaryFolder();
  const source = path.join(seq2seqFixtures, name);
  for (const file of readdirSync(source).filter(
    (file) => file.endsWith('.json') && file !== 'reference.json',
  )) {
    cpSync(path.join(source, file), path.join(folder, file));
  }
  mkdirSync(path.join(folder, 'onnx'));
  for (const graph of graphs) {
    cpSync(path.join(source, `onnx/${graph}.onnx`), path.join(folder, `onnx/${graph}.onnx`));
  }
  return folder;
}

/** What `generate` of `transformers` wrote for one text. */
export interface WrittenReference {
  text: string;
  /** Of the source. */
  ids: number[];
  options: {
    max_new_tokens?: number;
    num_beams?: number;
    length_penalty?: number;
    early_stopping?: boolean | 'never';
  };
  /** With the token that ends the text. */
  generated: number[];
  decoded: string;
  logprobs: number[];
}

/** What `transformers` does with a tiny encoder–decoder model. */
export interface Seq2seqReference {
  greedy: WrittenReference[];
  beams: WrittenReference[];
}

export function seq2seqReference(family: 'marian' | 't5'): Seq2seqReference {
  return readReference(family) as Seq2seqReference;
}

/** What `transformers` does with the tiny encoder-only model. */
export interface EncoderReference {
  masked: {
    text: string;
    ids: number[];
    mask: number;
    best: number[];
    probabilities: number[];
  }[];
}

export function encoderReference(): EncoderReference {
  return readReference('bert') as EncoderReference;
}

function readReference(name: string): unknown {
  return JSON.parse(readFileSync(path.join(seq2seqFixtures, name, 'reference.json'), 'utf8'));
}
