import { numbersByBits } from './bitPatterns';

/**
 * Writes the numbers of one block.
 * @param bytes of the file. @param at where the block begins. @param into numbers, from `to` on.
 */
export type DecodeBlock = (bytes: Uint8Array, at: number, into: Float32Array, to: number) => void;

/** What decodes the blocks of a type of ggml (`dequantize_row_…` of ggml-quants.c); undefined for others. */
export function blockDecoder(name: string): DecodeBlock | undefined {
  return DECODERS.get(name);
}

const DECODERS: ReadonlyMap<string, DecodeBlock> = new Map<string, DecodeBlock>([
  ['q4_0', q4_0],
  ['q4_1', q4_1],
  ['q5_0', q5_0],
  ['q5_1', q5_1],
  ['q8_0', q8_0],
  ['q2_k', q2k],
  ['q3_k', q3k],
  ['q4_k', q4k],
  ['q5_k', q5k],
  ['q6_k', q6k],
]);

function half(bytes: Uint8Array, at: number): number {
  return numbersByBits('float16')?.[byte(bytes, at) | (byte(bytes, at + 1) << 8)] ?? 0;
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function signedByte(bytes: Uint8Array, at: number): number {
  return (byte(bytes, at) << 24) >> 24;
}

/** Scale and 32 nibbles: the first half of the block in the lower ones. */
function q4_0(bytes: Uint8Array, at: number, into: Float32Array, to: number): void {
  const scale = half(bytes, at);
  for (let i = 0; i < 16; i++) {
    const pair = byte(bytes, at + 2 + i);
    into[to + i] = scale * ((pair & 15) - 8);
    into[to + 16 + i] = scale * ((pair >> 4) - 8);
  }
}

/** Scale, least number, nibbles. */
function q4_1(bytes: Uint8Array, at: number, into: Float32Array, to: number): void {
  const scale = half(bytes, at);
  const least = half(bytes, at + 2);
  for (let i = 0; i < 16; i++) {
    const pair = byte(bytes, at + 4 + i);
    into[to + i] = Math.fround(scale * (pair & 15)) + least;
    into[to + 16 + i] = Math.fround(scale * (pair >> 4)) + least;
  }
}

/** Scale, the fifth bits of all, nibbles. */
function q5_0(bytes: Uint8Array, at: number, into: Float32Array, to: number): void {
  const scale = half(bytes, at);
  for (let i = 0; i < 32; i++) {
    into[to + i] = scale * (fiveBits(bytes, at + 2, i) - 16);
  }
}

function q5_1(bytes: Uint8Array, at: number, into: Float32Array, to: number): void {
  const scale = half(bytes, at);
  const least = half(bytes, at + 2);
  for (let i = 0; i < 32; i++) {
    into[to + i] = Math.fround(scale * fiveBits(bytes, at + 4, i)) + least;
  }
}

/** @param at of the fifth bits, behind which the nibbles are. */
function fiveBits(bytes: Uint8Array, at: number, i: number): number {
  const fifth = (byte(bytes, at + (i >> 3)) >> (i & 7)) & 1;
  const pair = byte(bytes, at + 4 + (i & 15));
  return (i < 16 ? pair & 15 : pair >> 4) | (fifth << 4);
}

function q8_0(bytes: Uint8Array, at: number, into: Float32Array, to: number): void {
  const scale = half(bytes, at);
  for (let i = 0; i < 32; i++) {
    into[to + i] = scale * signedByte(bytes, at + 2 + i);
  }
}

/** 16 scales and least numbers of 4 bits each, 256 numbers of 2 bits, the scales of both. */
function q2k(bytes: Uint8Array, at: number, into: Float32Array, to: number): void {
  const scale = half(bytes, at + 80);
  const leastScale = half(bytes, at + 82);
  for (let i = 0; i < 256; i++) {
    const both = byte(bytes, at + (i >> 4));
    const bits = (byte(bytes, at + 16 + (i >> 7) * 32 + (i & 31)) >> (((i >> 5) & 3) << 1)) & 3;
    into[to + i] =
      Math.fround(Math.fround(scale * (both & 15)) * bits) - Math.fround(leastScale * (both >> 4));
  }
}

/** The third bits of all, 256 numbers of 2 bits, 16 scales of 6 bits, their scale. */
function q3k(bytes: Uint8Array, at: number, into: Float32Array, to: number): void {
  const scale = half(bytes, at + 108);
  for (let i = 0; i < 256; i++) {
    const group = i >> 4;
    const low = (byte(bytes, at + 96 + (group & 7)) >> (group < 8 ? 0 : 4)) & 15;
    const high = (byte(bytes, at + 104 + (group & 3)) >> ((group >> 2) << 1)) & 3;
    const own = Math.fround(scale * ((low | (high << 4)) - 32));
    const bits = (byte(bytes, at + 32 + (i >> 7) * 32 + (i & 31)) >> (((i >> 5) & 3) << 1)) & 3;
    const third = (byte(bytes, at + (i & 31)) >> (i >> 5)) & 1;
    into[to + i] = own * (bits - (third === 1 ? 0 : 4));
  }
}

/** The scale of a group of 32 among 8, or the least number: 12 bytes hold 6 bits of each. */
function groupScale(bytes: Uint8Array, at: number, group: number, isLeast: boolean): number {
  const own = isLeast ? 4 : 0;
  if (group < 4) {
    return byte(bytes, at + own + group) & 63;
  }
  const low = byte(bytes, at + 8 + group - 4) >> own;
  return (low & 15) | ((byte(bytes, at + own + group - 4) >> 6) << 4);
}

/** Scale and least number, those of 8 groups, nibbles: of each 64 numbers the first 32 in the lower ones. */
function q4k(bytes: Uint8Array, at: number, into: Float32Array, to: number): void {
  const scale = half(bytes, at);
  const leastScale = half(bytes, at + 2);
  for (let group = 0; group < 8; group++) {
    const own = Math.fround(scale * groupScale(bytes, at + 4, group, false));
    const least = Math.fround(leastScale * groupScale(bytes, at + 4, group, true));
    const shift = (group & 1) << 2;
    const from = at + 16 + (group >> 1) * 32;
    for (let i = 0; i < 32; i++) {
      const bits = (byte(bytes, from + i) >> shift) & 15;
      into[to + group * 32 + i] = Math.fround(own * bits) - least;
    }
  }
}

/** The same with the fifth bits of all in front of the nibbles. */
function q5k(bytes: Uint8Array, at: number, into: Float32Array, to: number): void {
  const scale = half(bytes, at);
  const leastScale = half(bytes, at + 2);
  for (let group = 0; group < 8; group++) {
    const own = Math.fround(scale * groupScale(bytes, at + 4, group, false));
    const least = Math.fround(leastScale * groupScale(bytes, at + 4, group, true));
    const shift = (group & 1) << 2;
    const from = at + 48 + (group >> 1) * 32;
    for (let i = 0; i < 32; i++) {
      const fifth = (byte(bytes, at + 16 + i) >> group) & 1;
      const bits = ((byte(bytes, from + i) >> shift) & 15) | (fifth << 4);
      into[to + group * 32 + i] = Math.fround(own * bits) - least;
    }
  }
}

/** The lower 4 bits of all, the upper 2, 16 signed scales, their scale. */
function q6k(bytes: Uint8Array, at: number, into: Float32Array, to: number): void {
  const scale = half(bytes, at + 208);
  for (let i = 0; i < 256; i++) {
    const inHalf = i & 127;
    const low = (byte(bytes, at + (i >> 7) * 64 + (inHalf & 63)) >> (inHalf < 64 ? 0 : 4)) & 15;
    const high = (byte(bytes, at + 128 + (i >> 7) * 32 + (i & 31)) >> ((inHalf >> 5) << 1)) & 3;
    const own = Math.fround(scale * signedByte(bytes, at + 192 + (i >> 4)));
    into[to + i] = own * ((low | (high << 4)) - 32);
  }
}
