/**
 * How much is kept while shapes are inferred, so that no file can fill the memory or the time: a
 * value beyond these is unknown. Real models stay far below.
 */
export const SHAPE_LIMITS = {
  /** Dimensions of a value, as of a tensor in a file. */
  rank: 64,
  /** Elements that are followed of a tensor; shapes have as many as there are dimensions. */
  elements: 64,
  /** Dimensions and elements of all values together, counted where a node makes new ones. */
  total: 4_000_000,
  /** Tensors of the file whose elements are read. */
  constants: 50_000,
} as const;
