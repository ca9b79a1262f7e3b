import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { EngineActivity } from '../shared/engineApi';
import { asFailure } from '../shared/failure';
import { OpenModel } from './openModel';

/** The models that were opened, each once, by folder. They stay until the process ends. */
export class OpenModels {
  private readonly byFolder = new Map<string, Promise<OpenModel>>();

  constructor(private readonly announce: (activity: EngineActivity) => void) {}

  /**
   * Finds a model open or opens it, and loads what the caller needs of it.
   * @param load e.g. the model's session; its time is the time that a user waits.
   * @throws Failure
   */
  async open(
    folder: string,
    load: (model: OpenModel) => unknown = () => undefined,
  ): Promise<OpenModel> {
    this.announce({ state: 'loading', model: path.basename(folder) });
    try {
      const model = await this.find(await realpath(folder).catch(() => folder));
      await load(model);
      this.announce({ state: 'ready', model: model.summary.name });
      return model;
    } catch (error) {
      const failure = asFailure(error);
      this.announce({ state: 'failed', failure: failure.data });
      throw failure;
    }
  }

  /** A folder that could not be opened is read afresh next time. */
  private find(folder: string): Promise<OpenModel> {
    let opening = this.byFolder.get(folder);
    if (opening === undefined) {
      opening = OpenModel.open(folder);
      this.byFolder.set(folder, opening);
      opening.catch(() => this.byFolder.delete(folder));
    }
    return opening;
  }
}
