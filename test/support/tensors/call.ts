import type { CallContext, Engine } from '../../../src/engine/engine';
import type { EngineApi } from '../../../src/shared/engineApi';
import type { StoredTensor, TensorId, TensorListing } from '../../../src/shared/tensorListing';
import { listen } from '../engine/models';

/** What goes with a call that nobody cancels or watches. */
export function context<K extends keyof EngineApi>(
  signal = new AbortController().signal,
): CallContext<K> {
  return { signal, report: () => undefined };
}

/** A path whose tensors are listed, and an engine that knows them. */
export class ListedPath {
  private constructor(
    readonly engine: Engine,
    readonly path: string,
    readonly listing: TensorListing,
  ) {}

  static async open(path: string): Promise<ListedPath> {
    const { engine } = listen();
    return new ListedPath(engine, path, await engine.tensors({ path }, context()));
  }

  /** The first tensor of a name. */
  named(name: string): StoredTensor {
    const found = this.listing.tensors.find((tensor) => tensor.name === name);
    if (found === undefined) {
      throw new Error(`${this.path} has no tensor ${name}`);
    }
    return found;
  }

  id(name: string): TensorId {
    const { file, occurrence } = this.named(name);
    return { path: this.path, file, name, ...(occurrence === undefined ? {} : { occurrence }) };
  }
}
