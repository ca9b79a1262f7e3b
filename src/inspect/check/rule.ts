import type { GraphRole } from '../../onnx/attention/tap';
import type { OnnxModel } from '../../onnx/graph/model';
import type { StoredWeights } from '../../onnx/outline/storedWeights';
import type { ShapeConstants } from '../../onnx/shapes/constants';
import type { InferredShapes } from '../../onnx/shapes/inferShapes';
import type { FailureData, Phrase } from '../../shared/failure';
import type { JsonObject } from '../../shared/jsonObject';
import type { Finding } from '../../shared/modelCheck';
import type { ByteProducts, RepeatedMatrix } from '../../shared/modelOutline';
import type { TensorReader } from '../../weights/tensorReader';
import type { FloatScan } from './floatScan';

/** One model file: its graph is read, its weights can be. */
export interface CheckedGraph {
  /** Absolute path. */
  file: string;
  /** Absent where the folder does not tell. */
  role?: GraphRole;
  onnx: OnnxModel;
  shapes: InferredShapes;
  constants: ShapeConstants;
  stored: StoredWeights;
  /** What is missing of its weights, for each file of them that lacks something. */
  lacks: readonly FailureData[];
  /** Reads its weights, those in files beside it included. */
  reader: TensorReader;
}

/** What a folder says of its model, parsed and otherwise unchecked; absent files are undefined. */
export interface CheckedFolder {
  /** Absolute path. */
  folder: string;
  /** Names of its own files, and of those in its folder `onnx` as `onnx/…`. */
  names: ReadonlySet<string>;
  /** config.json */
  config?: JsonObject;
  /** generation_config.json */
  generation?: JsonObject;
  /** The settings of `generate` that hold, of both files, by their names. */
  settings: JsonObject;
  /** tokenizer_config.json */
  tokenizerConfig?: JsonObject;
  /** Absent where there is none that can be opened. */
  tokenizer?: CheckedTokenizer;
}

/** What is asked of a tokenizer. */
export interface CheckedTokenizer {
  /** Every id is below it. */
  size: number;
  /** Ids of the tokens that mark something; absent where there are none. */
  end?: number;
  begin?: number;
  pad?: number;
  /** Its vocabulary's entry, empty for an id that it lacks. */
  piece(id: number): string;
}

/** Files that run together as one model, and what lies beside them. */
export interface CheckedModel {
  graphs: readonly CheckedGraph[];
  /** Absent where a file alone was given. */
  folder?: CheckedFolder;
  /** Files that cannot be read, and why. */
  unread: readonly { file: string; failure: FailureData }[];
  /** Matrices that the graphs hold more than once. Reads some elements of each. */
  repeated(): Promise<readonly RepeatedMatrix[]>;
  /** What becomes of sums of 8-bit products on this machine; undefined if it does not say. */
  byteProducts(): Promise<ByteProducts | undefined>;
}

/** What a rule has at hand beside the model. */
export interface CheckWork {
  /** Aborted when nobody waits any more; a rule that reads weights looks at it. */
  signal: AbortSignal;
  /** What was found in all floating-point tensors of a graph; read once, whoever asks. */
  floats(graph: CheckedGraph): Promise<readonly FloatScan[]>;
  /** Says that the rule cannot be asked, of a file or at all. */
  skip(reason: Phrase, file?: string): void;
}

/** A finding of a rule, which need not say whose it is. */
export type Found = Omit<Finding, 'rule'>;

/** One question that is put to a model. */
export interface CheckRule {
  /** E.g. `weights/not-finite`. */
  id: string;
  /**
   * What is wrong; nothing if all is well, or if it cannot be told, which the rule says by `skip`.
   * @throws the signal's reason; Failure where the weights cannot be read.
   */
  check(model: CheckedModel, work: CheckWork): readonly Found[] | Promise<readonly Found[]>;
}
