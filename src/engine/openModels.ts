import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { bundledModel } from '../library/bundledModels';
import { statIfAny } from '../library/files';
import { findModelFolder, modelFolderName } from '../library/findModelFolder';
import { givenPath } from '../library/givenPath';
import { readTokenizerFiles } from '../library/modelFolder';
import type { EngineActivity } from '../shared/engineApi';
import type { ModelChoice } from '../shared/modelSummary';
import { asFailure, Failure, phrase } from '../shared/failure';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { openModel, type OpenModel } from './openModel';
import { openTokenizer } from './openTokenizer';

/** The models and tokenizers that were opened, each once. They stay until the process ends. */
export class OpenModels {
  private readonly models = new Opened((folder) => openModel(folder));
  private readonly tokenizers = new Opened(async (folder) =>
    openTokenizer(await readTokenizerFiles(folder)),
  );

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
    const folder = await this.folderOf(choice);
    await this.checkShipped(choice, folder);
    return this.tokenizers.get(folder);
  }

  private async folderOf(choice: ModelChoice): Promise<string> {
    return 'folder' in choice
      ? findModelFolder(choice.folder)
      : bundledModel(this.root, choice.bundled);
  }

  private async load<T>(
    choice: ModelChoice,
    load: (model: OpenModel) => T | Promise<T>,
  ): Promise<T> {
    const given =
      'folder' in choice ? givenPath(choice.folder) : bundledModel(this.root, choice.bundled);
    this.announce({ state: 'loading', model: modelFolderName(given) });
    const folder = await this.folderOf(choice);
    await this.checkShipped(choice, folder);
    const model = await this.models.get(folder);
    checkGraph(choice, model);
    const loaded = await load(model);
    this.settle({ state: 'ready', model: model.summary.name });
    return loaded;
  }

  private settle(activity: EngineActivity): void {
    this.settled = activity;
    this.announce(activity);
  }

  private async checkShipped(choice: ModelChoice, folder: string): Promise<void> {
    if ('bundled' in choice && (await statIfAny(folder)) === undefined) {
      throw new Failure({
        kind: 'model',
        what: phrase('The model that Headlight brings for this is missing'),
        where: folder,
        remedy: phrase('install Headlight again, or choose a model folder of your own'),
      });
    }
  }
}

/**
 * A folder may be named by one of its graphs, but which graph is used is not chosen so.
 * @throws Failure `input` when another one is used.
 */
function checkGraph(choice: ModelChoice, { summary: { folder, files } }: OpenModel): void {
  const named = 'folder' in choice ? givenPath(choice.folder) : folder;
  if (named.endsWith('.onnx') && !files.some((file) => path.join(folder, file) === named)) {
    throw new Failure({
      kind: 'input',
      what: phrase(
        'A model is chosen by its folder, and of this one {0} is used',
        files.join(', '),
      ),
      where: named,
      remedy: phrase('choose the folder, or leave no other graph in it than the one that you want'),
    });
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
