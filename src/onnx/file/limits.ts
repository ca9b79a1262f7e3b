/**
 * How much of an ONNX file is believed. A model file is untrusted input: without limits a few
 * bytes could ask for any amount of memory or time. Each limit lies far above what exporters of
 * Transformers write; `depth`, `nameBytes`, `textBytes`, `listBytes` and `rank` hold for one item,
 * the others for the whole file.
 */
export const LIMITS = {
  /** Messages inside messages. As in protobuf's own parsers; a branch of `If` costs three. */
  depth: 100,
  /**
   * Bytes fetched from the file. Weights are skipped, and what remains of the largest models is
   * some ten megabytes, or a hundred where the exporter wrote a stack trace beside every node.
   */
  structureBytes: 512 * 2 ** 20,
  /**
   * Fields of messages, read or stepped over. Each costs time however short it is; the largest
   * models have some two million, most of them metadata of nodes.
   */
  fields: 16_000_000,
  /**
   * Bytes of the names and texts that are kept. They stay in memory as long as the model is open;
   * ten thousand nodes with long module paths have some ten megabytes.
   */
  keptBytes: 64 * 2 ** 20,
  /** Length of a name. Those made of module paths have a few hundred bytes. */
  nameBytes: 16 * 2 ** 10,
  /** Length of a string that is kept; longer ones are binary blobs or reports, and are skipped. */
  textBytes: 64 * 2 ** 10,
  /** Length of a packed list of numbers in an attribute. */
  listBytes: 2 ** 20,
  /** Dimensions of a tensor. ONNX has no operator for more than a handful. */
  rank: 64,
  /** Sizes in all shapes, of tensors and of described values. */
  dimensions: 1_000_000,
  /** Operations. Unrolled models with billions of parameters have some ten thousand. */
  nodes: 100_000,
  /**
   * Operations that the calls of functions stand for. ONNX Runtime puts them into the graph when it
   * loads a model, in a time that grows by the square of their number: these take it some seconds.
   */
  expandedNodes: 50_000,
  /** Tensors: initializers, and constants in attributes. */
  tensors: 100_000,
  /** Described values: inputs, outputs and intermediate ones. */
  values: 100_000,
  /** Graphs in attributes. Merged decoders have two, models with loops a few for each. */
  graphs: 10_000,
  /**
   * Inputs and outputs of nodes, attributes, operator sets and metadata, taken together: about ten
   * for a node.
   */
  entries: 500_000,
  /** Numbers and strings listed in attributes, and pieces that a tensor's elements come in. */
  elements: 1_000_000,
} as const;

/** A set of limits, of the kinds that {@link LIMITS} explains. */
export type Limits = Readonly<Record<keyof typeof LIMITS, number>>;

/**
 * Operations of a model that is run: of the graph and its inner graphs, with what the calls of
 * functions stand for. Large exports have up to some 15,000. A chain of results whose sizes ONNX
 * Runtime cannot tell takes it a time that grows by the square or worse, since it looks through all
 * earlier results for a buffer to use again: measured on one thread, 1.3 s for 2,500 operations, 5.4 s
 * for 5,000, 21 s for 10,000 and 86 s for 20,000. The limit keeps out what takes longer than anybody
 * waits; below it, the time that loading may take is limited.
 */
export const MOST_LOADED_NODES = 20_000;
