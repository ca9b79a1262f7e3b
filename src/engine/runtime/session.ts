import { Failure, phrase } from '../../shared/failure';
import { InferenceSession, Tensor as OrtTensor } from './onnxruntime';
import { outOfMemory } from './outOfMemory';
import { castToDeclaredType, type FedTensor } from './declaredType';
import { loadInTurn, type GraphSize } from './loading';
import { operatorThreads } from './threads';
import { loadFailure, runFailure } from './runtimeErrors';
import type { Tensor } from './tensor';

/** A loaded model: named tensors in, named tensors out. */
export interface Session {
  /**
   * Runs the model. Blocks the process while it runs: ONNX Runtime is synchronous in Node.
   * @param feeds one tensor for every input; each is given in the type that the graph declares.
   * @param fetches the outputs to return; each is copied out of the runtime, so name few.
   * @throws Failure `runtime`, or `unsupported` for an input that cannot be given.
   */
  run(feeds: ReadonlyMap<string, Tensor>, fetches: readonly string[]): Promise<Map<string, Tensor>>;
  /** Frees what the runtime gives back; the rest goes with the process. */
  dispose(): Promise<void>;
}

/** Where a session's graph comes from. */
export type SessionSource =
  | { file: string }
  /**
   * A serialised model, the folder that its external data lies in, and that which cannot be read
   * there, by location. The latter takes its memory twice while the session is made.
   */
  | { bytes: Uint8Array; folder: string; linked?: ReadonlyMap<string, Uint8Array> };

/**
 * A graph is read as ONNX and as nothing else: bytes with the mark of ONNX Runtime's own format
 * would else be read as that, whatever Headlight has read and checked in them.
 */
const CHECKED_FORMAT = { load_model_format: 'ONNX' } as const;

/**
 * Loads a model into ONNX Runtime, on the CPU.
 * @param where names the model in failures.
 * @param size decides how long it may take, and on how many threads the graph runs: without it, one.
 * @param profile how the path of the file begins that ONNX Runtime's profiler writes until the session ends.
 * @throws Failure `runtime` when ONNX Runtime refuses the model.
 */
export function openSession(
  source: SessionSource,
  where: string,
  size: GraphSize = { operations: 0, bytes: 0 },
  profile?: string,
): Promise<Session> {
  return loadInTurn(where, size, () => load(source, where, size, profile));
}

async function load(
  source: SessionSource,
  where: string,
  size: GraphSize,
  profile: string | undefined,
): Promise<Session> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    intraOpNumThreads: operatorThreads(size),
    // Its errors are thrown as well, and its warnings are of no use to a reader of the log.
    logSeverityLevel: 4,
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  };
  try {
    const session =
      'file' in source
        ? await InferenceSession.create(source.file, {
            ...options,
            extra: { session: CHECKED_FORMAT },
          })
        : await InferenceSession.create(source.bytes, {
            ...options,
            externalData: Array.from(source.linked ?? [], ([path, data]) => ({ path, data })),
            extra: {
              session: {
                ...CHECKED_FORMAT,
                model_external_initializers_file_folder_path: source.folder,
              },
            },
          });
    return new OrtSession(session, where);
  } catch (error) {
    throw outOfMemory(error, where, 'load') ?? loadFailure(error, where);
  }
}

class OrtSession implements Session {
  private readonly types: ReadonlyMap<string, string>;

  constructor(
    private readonly session: InferenceSession,
    private readonly where: string,
  ) {
    this.types = new Map(
      session.inputMetadata.flatMap((input) => (input.isTensor ? [[input.name, input.type]] : [])),
    );
  }

  async run(
    feeds: ReadonlyMap<string, Tensor>,
    fetches: readonly string[],
  ): Promise<Map<string, Tensor>> {
    const inputs: Record<string, OrtTensor> = {};
    for (const [name, tensor] of feeds) {
      inputs[name] = toOrt(castToDeclaredType(name, tensor, this.types.get(name) ?? tensor.type));
    }
    try {
      const outputs = await this.session.run(inputs, fetches);
      return new Map(fetches.map((name) => [name, fromOrt(name, outputs[name])]));
    } catch (error) {
      if (error instanceof Failure) {
        throw error;
      }
      throw outOfMemory(error, this.where, 'run') ?? runFailure(error, this.where);
    }
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

function toOrt({ type, data, dims }: FedTensor): OrtTensor {
  switch (type) {
    case 'float32':
      return new OrtTensor(type, data, dims);
    case 'float16':
      return new OrtTensor(type, data, dims);
    case 'float64':
      return new OrtTensor(type, data, dims);
    case 'int64':
      return new OrtTensor(type, data, dims);
    case 'int32':
      return new OrtTensor(type, data, dims);
    case 'int8':
      return new OrtTensor(type, data, dims);
    case 'uint8':
      return new OrtTensor(type, data, dims);
    case 'bool':
      return new OrtTensor(type, data, dims);
  }
}

function fromOrt(
  name: string,
  value: InferenceSession.OnnxValueMapType[string] | undefined,
): Tensor {
  if (value instanceof OrtTensor) {
    const { type, data, dims } = value;
    if (type === 'float32' && data instanceof Float32Array) {
      return { type, data, dims };
    }
    // Newer JavaScript engines hand out Float16Array; its buffer holds the same bits.
    if (type === 'float16' && ArrayBuffer.isView(data)) {
      return { type, data: new Uint16Array(data.buffer, data.byteOffset, value.size), dims };
    }
    if (type === 'int64' && data instanceof BigInt64Array) {
      return { type, data, dims };
    }
    if (type === 'uint8' && data instanceof Uint8Array) {
      return { type, data, dims };
    }
  }
  throw new Failure({
    kind: 'unsupported',
    what: phrase('The model has an output of a type that Headlight cannot read'),
    where: name,
    remedy: phrase('export the model with floating-point outputs'),
  });
}
