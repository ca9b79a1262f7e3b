import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { bundledModel } from '../library/bundledModels';
import { statIfAny } from '../library/files';
import { readTokenizerFiles } from '../library/modelFolder';
import type { EngineActivity, ModelChoice } from '../shared/engineApi';
import { asFailure, Failure, phrase } from '../shared/failure';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer';
import { openModel, type OpenModel } from './openModel';

/** The models and tokenizers that were opened, each once. They stay until the process ends. */
export class OpenModels {
  private readonly models = new Opened(openModel);
  private readonly tokenizers = new Opened(async (folder) => {
    const { json, config } = await readTokenizerFiles(folder);
    return createTokenizer(json, config);
  });

  /** What was announced last of models that were opened to be used. */
  private settled: EngineActivity = { state: 'idle' };

  /** @param root the folder that package.json lies in, and the models that Headlight ships. */
  constructor(
    private readonly root: string,
    private readonly announce: (activity: EngineActivity) => void,
  ) {}

  /**
   * Finds a model open or opens it, and loads what the caller needs of it.
   * @param load e.g. the model's sessions; its time is the time that a user waits. What it returns
   *   is the model as the caller needs it.
   * @throws Failure
   */
  async open<T>(choice: ModelChoice, load: (model: OpenModel) => T | Promise<T>): Promise<T> {
    try {
      return await this.load(choice, load);
    } catch (error) {
      const failure = asFailure(error);
      this.settle({ state: 'failed', failure: failure.data });
      throw failure;
    }
  }

  /**
   * As {@link open}, of a model that may be refused: then what is announced is as it was before, for
   * the models in use are none the worse.
   * @throws Failure
   */
  async tryOut<T>(choice: ModelChoice, load: (model: OpenModel) => T | Promise<T>): Promise<T> {
    try {
      return await this.load(choice, load);
    } catch (error) {
      this.announce(this.settled);
      throw error;
    }
  }

  /**
   * A folder's tokenizer alone: the folder need not hold a model that runs here.
   * @throws Failure `model`
   */
  async tokenizer(choice: ModelChoice): Promise<Tokenizer> {
    const folder = this.folderOf(choice);
    await this.checkShipped(choice, folder);
    return this.tokenizers.get(folder);
  }

  private async load<T>(
    choice: ModelChoice,
    load: (model: OpenModel) => T | Promise<T>,
  ): Promise<T> {
    const folder = this.folderOf(choice);
    this.announce({ state: 'loading', model: path.basename(folder) });
    await this.checkShipped(choice, folder);
    const model = await this.models.get(folder);
    const loaded = await load(model);
    this.settle({ state: 'ready', model: model.summary.name });
    return loaded;
  }

  private settle(activity: EngineActivity): void {
    this.settled = activity;
    this.announce(activity);
  }

  private folderOf(choice: ModelChoice): string {
    return 'folder' in choice ? choice.folder : bundledModel(this.root, choice.bundled);
  }

  private async checkShipped(choice: ModelChoice, folder: string): Promise<void> {
    if ('bundled' in choice && (await statIfAny(folder)) === undefined) {
      throw new Failure({
        kind: 'model',
        what: phrase('The model that Headlight brings for this is missing'),
        where: folder,
        todo: phrase('install Headlight again, or choose a model folder of your own'),
      });
    }
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
