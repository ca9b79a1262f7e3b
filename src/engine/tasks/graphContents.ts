import { stat } from 'node:fs/promises';
import type { FileSource } from '../../library/fileSource';
import { readOnnx } from '../../onnx/file/readModel';
import type { OnnxModel } from '../../onnx/graph/model';
import { storedWeights, type StoredWeights } from '../../onnx/outline/storedWeights';
import { readShapeConstants, type ShapeConstants } from '../../onnx/shapes/constants';
import { inferShapes, type InferredShapes } from '../../onnx/shapes/inferShapes';

/**
 * What a model file says, weights apart. What follows from it is found out when it is first asked for. Several
 * tasks share it, so that it must not be changed.
 */
export class GraphContent {
  private found: Promise<{ constants: ShapeConstants; shapes: InferredShapes }> | undefined;
  private stored: StoredWeights | undefined;

  constructor(readonly onnx: OnnxModel) {}

  get weights(): StoredWeights {
    this.stored ??= storedWeights(this.onnx);
    return this.stored;
  }

  /**
   * The types and shapes of its values, and the constants that they follow from.
   * @param source the file, open.
   */
  shapes(source: FileSource): Promise<{ constants: ShapeConstants; shapes: InferredShapes }> {
    this.found ??= this.inferred(source).catch((error: unknown) => {
      this.found = undefined;
      throw error;
    });
    return this.found;
  }

  private async inferred(
    source: FileSource,
  ): Promise<{ constants: ShapeConstants; shapes: InferredShapes }> {
    const constants = await readShapeConstants(source, this.onnx);
    return { constants, shapes: inferShapes(this.onnx, constants) };
  }
}

/** Files whose content is kept: those of one model, as a rule, whose parts are asked for one after another. */
const MOST_KEPT = 3;

const kept = new Map<string, Promise<GraphContent>>();

/**
 * Reads a model file, or answers what was read of it before as long as it stays as it is.
 * @throws Failure `model` where it cannot be read
 */
export async function graphContent(source: FileSource, file: string): Promise<GraphContent> {
  const { size, mtimeMs, ino } = await stat(file);
  const key = [file, size, mtimeMs, ino].join('\n');
  const known = kept.get(key);
  const content = known ?? readOnnx(source, file).then((onnx) => new GraphContent(onnx));
  kept.delete(key);
  kept.set(key, content);
  content.catch(() => kept.delete(key));
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) {
    kept.delete(oldest);
  }
  return content;
}
