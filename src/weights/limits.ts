/**
 * Limits on safetensors files and on their index. Such files are untrusted input: without limits, a few
 * bytes could ask for any amount of memory.
 */
export const WEIGHT_LIMITS = {
  /**
   * Length of the header. The format allows 100 MB; those of the largest models have some 15 MB in
   * a file, and every byte of JSON costs several in memory.
   */
  headerBytes: 32 * 2 ** 20,
  /** Tensors in a file. Models with hundreds of experts in each layer have some 60,000. */
  tensors: 200_000,
  /** Length of a tensor's name. Those made of module paths have a few hundred characters. */
  nameCharacters: 4096,
  /** Dimensions of a tensor, as with ONNX files. */
  rank: 64,
  /** Elements of a tensor that are read at once: 2 GiB as 32-bit floats. */
  elements: 2 ** 29,
} as const;

/** A set of limits, of the kinds that {@link WEIGHT_LIMITS} explains. */
export type WeightLimits = Readonly<Record<keyof typeof WEIGHT_LIMITS, number>>;
