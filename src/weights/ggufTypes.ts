/** An element type of ggml: numbers by themselves, or so many together in a block with its own scale. */
export interface BlockType {
  /** As llama.cpp writes it, in lower case. */
  name: string;
  /** Bits of an element, its share of the scale left out. */
  bits: number;
  /** Of a block, one behind the other in a row; 1 for numbers by themselves. */
  elements: number;
  /** Of a block. */
  bytes: number;
}

const type = (name: string, bits: number, elements: number, bytes: number): BlockType => ({
  name,
  bits,
  elements,
  bytes,
});

/** By their numbers in a file: `ggml_type` and `type_traits` of ggml. */
export const blockTypes: ReadonlyMap<number, BlockType> = new Map<number, BlockType>([
  [0, type('f32', 32, 1, 4)],
  [1, type('f16', 16, 1, 2)],
  [2, type('q4_0', 4, 32, 18)],
  [3, type('q4_1', 4, 32, 20)],
  [6, type('q5_0', 5, 32, 22)],
  [7, type('q5_1', 5, 32, 24)],
  [8, type('q8_0', 8, 32, 34)],
  [9, type('q8_1', 8, 32, 40)],
  [10, type('q2_k', 2, 256, 84)],
  [11, type('q3_k', 3, 256, 110)],
  [12, type('q4_k', 4, 256, 144)],
  [13, type('q5_k', 5, 256, 176)],
  [14, type('q6_k', 6, 256, 210)],
  [15, type('q8_k', 8, 256, 292)],
  [16, type('iq2_xxs', 2, 256, 66)],
  [17, type('iq2_xs', 2, 256, 74)],
  [18, type('iq3_xxs', 3, 256, 98)],
  [19, type('iq1_s', 1, 256, 50)],
  [20, type('iq4_nl', 4, 32, 18)],
  [21, type('iq3_s', 3, 256, 110)],
  [22, type('iq2_s', 2, 256, 82)],
  [23, type('iq4_xs', 4, 256, 136)],
  [24, type('i8', 8, 1, 1)],
  [25, type('i16', 16, 1, 2)],
  [26, type('i32', 32, 1, 4)],
  [27, type('i64', 64, 1, 8)],
  [28, type('f64', 64, 1, 8)],
  [29, type('iq1_m', 1, 256, 56)],
  [30, type('bf16', 16, 1, 2)],
  [34, type('tq1_0', 2, 256, 54)],
  [35, type('tq2_0', 2, 256, 66)],
  [39, type('mxfp4', 4, 32, 17)],
]);
