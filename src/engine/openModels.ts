import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { readTokenizerFiles } from '../library/modelFolder';
import type { EngineActivity } from '../shared/engineApi';
import { asFailure } from '../shared/failure';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer';
import { OpenModel } from './openModel';

/** The models and tokenizers that were opened, each once. They stay until the process ends. */
export class OpenModels {
  private readonly models = new Opened((folder) => OpenModel.open(folder));
  private readonly tokenizers = new Opened(async (folder) => {
    const { json, config } = await readTokenizerFiles(folder);
    return createTokenizer(json, config);
  });

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
      const model = await this.models.get(folder);
      await load(model);
      this.announce({ state: 'ready', model: model.summary.name });
      return model;
    } catch (error) {
      const failure = asFailure(error);
      this.announce({ state: 'failed', failure: failure.data });
      throw failure;
    }
  }

  /**
   * A folder's tokenizer alone: the folder need not hold a model that runs here.
   * @throws Failure `model`
   */
  tokenizer(folder: string): Promise<Tokenizer> {
    return this.tokenizers.get(folder);
  }
}

/** What was opened by folder, links resolved. What could not be opened is tried afresh next time. */
class Opened<T> {
  private readonly byFolder = new Map<string, Promise<T>>();

  constructor(private readonly open: (folder: string) => Promise<T>) {}

  async get(folder: string): Promise<T> {
    const key = await realpath(folder).catch(() => folder);
    let opening = this.byFolder.get(key);
    if (opening === undefined) {
      opening = this.open(key);
      this.byFolder.set(key, opening);
      opening.catch(() => this.byFolder.delete(key));
    }
    return opening;
  }
}
