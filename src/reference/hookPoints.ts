import { Failure, phrase, type FailureKind } from '../shared/failure';
import type { ModelShape, StackShape } from './config/modelShape';

/** The name of each hook point with its symbolic shape, in the order in which they are computed. */
export type HookPoints = ReadonlyMap<string, readonly string[]>;

type Point = readonly [name: string, dims: readonly string[]];

const STATES = ['batch', 'tokens', 'd_model'];

/** What is said where a model lacks a hook point. */
export function noSuchHookPoint(point: string, kind: FailureKind = 'input'): Failure {
  return new Failure({
    kind,
    what: phrase('The model has no hook point “{0}”', point),
    remedy: phrase('choose one of the hook points that the model lists'),
  });
}

/** The hook points of a model. */
export function hookPoints({ encoder, decoder, unembedding: head }: ModelShape): HookPoints {
  const areTwo = encoder !== undefined && decoder !== undefined;
  const last = head.transform === undefined ? [] : unembeddingPoints();
  return new Map([
    ...(encoder === undefined ? [] : under(areTwo ? 'encoder' : '', stackPoints(encoder))),
    ...(decoder === undefined ? [] : under(areTwo ? 'decoder' : '', stackPoints(decoder))),
    ...last,
  ]);
}

function stackPoints(shape: StackShape): Point[] {
  return [
    ...inputPoints(shape),
    ...Array.from({ length: shape.layers }, (_, i) =>
      under(`blocks.${i}`, layerPoints(shape)),
    ).flat(),
    ...(shape.finalNorm ? under('ln_final', normPoints(STATES)) : []),
  ];
}

function inputPoints({ input, positions }: StackShape): Point[] {
  if (input.kind === 'sound') {
    return [
      ['hook_embed', STATES],
      ['hook_pos_embed', STATES],
      ...(input.norm === undefined ? [] : under('ln_embed', normPoints(STATES))),
    ];
  }
  const embedded = ['batch', 'tokens', 'd_embed'];
  const areAdded = positions.kind === 'learned' || positions.kind === 'sinusoidal';
  return [
    ['hook_embed', embedded],
    ...(areAdded ? [['hook_pos_embed', embedded] as const] : []),
    ...(input.tokenTypes > 0 ? [['hook_token_type_embed', embedded] as const] : []),
    ...(input.norm === undefined ? [] : under('ln_embed', normPoints(embedded))),
  ];
}

function layerPoints(shape: StackShape): Point[] {
  const { crossAttention, feedForward, positions } = shape;
  const sublayer = (norm: string, inner: Point[], output: string, residual: string): Point[] => {
    const ofNorm = under(norm, normPoints(STATES));
    const sum: Point[] = [
      [output, STATES],
      [residual, STATES],
    ];
    return shape.normPlace === 'before'
      ? [...ofNorm, ...inner, ...sum]
      : [...inner, ...sum, ...ofNorm];
  };
  const attention = under('attn', attentionPoints('tokens', positions.kind === 'rotary'));
  const cross = under('cross_attn', attentionPoints('encoder_tokens', false));
  const network = under('mlp', networkPoints(feedForward.gated));
  return [
    ['hook_resid_pre', STATES],
    ...sublayer('ln1', attention, 'hook_attn_out', 'hook_resid_mid'),
    ...(crossAttention
      ? sublayer('ln2', cross, 'hook_cross_attn_out', 'hook_resid_mid_cross')
      : []),
    ...sublayer(crossAttention ? 'ln3' : 'ln2', network, 'hook_mlp_out', 'hook_resid_post'),
  ];
}

function attentionPoints(keys: string, rotary: boolean): Point[] {
  const queries: Point[1] = ['batch', 'tokens', 'heads', 'd_head'];
  const shared: Point[1] = ['batch', keys, 'key_value_heads', 'd_head'];
  const map: Point[1] = ['batch', 'heads', 'tokens', keys];
  const turned: Point[] = [
    ['hook_rot_q', queries],
    ['hook_rot_k', shared],
  ];
  return [
    ['hook_q', queries],
    ['hook_k', shared],
    ['hook_v', shared],
    ...(rotary ? turned : []),
    ['hook_attn_scores', map],
    ['hook_pattern', map],
    ['hook_z', queries],
    ['hook_result', ['batch', 'tokens', 'heads', 'd_model']],
  ];
}

function networkPoints(gated: boolean): Point[] {
  const inner = ['batch', 'tokens', 'd_ff'];
  return [
    ['hook_pre', inner],
    ...(gated ? [['hook_pre_linear', inner] as const] : []),
    ['hook_post', inner],
  ];
}

function unembeddingPoints(): Point[] {
  const inner = ['batch', 'tokens', 'd_embed'];
  return under('head', [
    ['hook_pre', inner],
    ['hook_post', inner],
    ...under('ln', normPoints(inner)),
  ]);
}

function normPoints(dims: readonly string[]): Point[] {
  return [
    ['hook_scale', [...dims.slice(0, -1), '1']],
    ['hook_normalized', dims],
  ];
}

function under(block: string, points: readonly Point[]): Point[] {
  return block === '' ? [...points] : points.map(([name, dims]) => [`${block}.${name}`, dims]);
}
