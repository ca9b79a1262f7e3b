import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CallContext, Engine } from '../../../src/engine/engine';
import { createEngine } from '../../../src/engine/engine';
import type { EngineActivity, EngineApi, EngineProgress } from '../../../src/shared/engineApi';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';

/** Where `make.py` leaves the files. */
const fixtures = path.join(root, 'test/fixtures/engine');

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

export function listen(): Listened {
  const activities: EngineActivity[] = [];
  return { engine: createEngine((activity) => activities.push(activity)), activities };
}

/** A call's context that records what is reported. */
export function context<K extends keyof EngineApi>(
  signal: AbortSignal = new AbortController().signal,
  reported: unknown[] = [],
): CallContext<K> {
  return { signal, report: (value: EngineProgress[keyof EngineProgress]) => reported.push(value) };
}

/** A folder that lies beside the repository on some machines only. */
export function besideRepository(...parts: string[]): string | undefined {
  const folder = path.join(root, '..', 'shared', ...parts);
  return existsSync(folder) ? folder : undefined;
}
