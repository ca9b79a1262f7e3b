import * as v from 'valibot';
import * as vscode from 'vscode';
import { asFailure, Failure, phrase } from '../../../shared/failure';
import type {
  InspectedModel,
  InspectedWeights,
  InspectorHost,
  InspectorProgress,
  InspectorState,
  InspectorView,
  RequestedComparison,
} from '../../../shared/inspector';
import { inspectionMarkdown } from '../../../wording/inspector/inspectionMarkdown';
import { showMarkdown } from '../../commands/modelCard';
import type { EngineClient } from '../../engine/engineClient';
import { explain } from '../../messages';
import { Comparisons } from './comparison/diffMethods';
import { filesOf, inspectedState } from './inspectedState';
import { modelMethods } from './modelMethods';
import { profileMethods } from './profileMethods';
import { reportMethods } from './reportMethods';
import { tensorMethods } from './tensorMethods';
import { weightsState } from './weightsState';
import { setPage } from '../page';
import { ViewChannel, type ViewMethods } from '../viewChannel';

/** What a page of the inspector needs. */
export interface InspectorPageParts {
  extensionUri: vscode.Uri;
  engine: EngineClient;
  log: { error(message: string): void };
  webview: vscode.Webview;
  /** What is inspected: a file or a folder. */
  uri: vscode.Uri;
  /** Has something done whenever that changes. */
  watch: (onChange: () => void) => Pick<vscode.Disposable, 'dispose'>;
}

/** One model in an editor: what the engine says of it, told to the view, and told again when it changes. */
export class InspectorPage implements vscode.Disposable {
  private readonly channel: ViewChannel<InspectorHost, InspectorView, InspectorProgress>;
  private readonly watch: Pick<vscode.Disposable, 'dispose'>;
  private state: InspectorState = { kind: 'reading' };
  /** What the makers of the model say of it: a file. */
  private card: string | undefined;
  /** The folder of the model, where a config.json says that it is one. */
  private folder: string | undefined;
  /** Paths of the files that are shown. */
  private files: ReadonlySet<string> = new Set();
  private readonly comparisons: Comparisons;
  private requested: RequestedComparison | undefined;
  /** Counts the readings, so that a late answer is not taken for the newest. */
  private reading = 0;

  constructor(private readonly parts: InspectorPageParts) {
    const { webview, extensionUri, watch, log, engine, uri } = parts;
    this.comparisons = new Comparisons(engine, uri);
    this.channel = new ViewChannel(webview, this.methods(), log);
    setPage(webview, extensionUri, 'inspector');
    this.watch = watch(() => void this.read());
    void this.read();
  }

  dispose(): void {
    this.reading = -1;
    this.watch.dispose();
    this.channel.dispose();
  }

  /** Brings up how the model differs from another one. */
  async compare(other: vscode.Uri): Promise<void> {
    const counterpart = await this.comparisons.offer(other);
    this.requested = { counterpart, request: (this.requested?.request ?? 0) + 1 };
    this.show(this.state);
  }

  /** Reads the model; what is on screen stays until that is done. */
  private async read(): Promise<void> {
    const reading = ++this.reading;
    const state = await this.found(reading);
    if (reading === this.reading) {
      this.show(state);
    }
  }

  private async found(reading: number): Promise<InspectorState> {
    const { engine, uri } = this.parts;
    try {
      if (uri.scheme !== 'file') {
        throw elsewhere(uri);
      }
      const path = uri.fsPath;
      const about = await engine.call('describe', { path });
      this.card = about.card;
      this.folder = about.family === undefined ? undefined : about.folder;
      const inspection = await engine.call('inspect', { path }).catch(asFailure);
      if (!(inspection instanceof Failure)) {
        this.files = new Set(inspection.outlines.flatMap(filesOf));
        return inspectedState(inspection, about, reading);
      }
      const listing = await engine.call('tensors', { path }).catch(() => undefined);
      if (listing === undefined || listing.format === 'onnx') {
        throw inspection;
      }
      return weightsState(listing, about, path, reading);
    } catch (error) {
      return { kind: 'failed', message: explain(asFailure(error)) };
    }
  }

  private show(state: InspectorState): void {
    this.state = withRequest(state, this.requested);
    this.channel.tell('show', this.state);
  }

  private methods(): ViewMethods<InspectorHost, InspectorProgress> {
    const { engine, uri, extensionUri } = this.parts;
    const stylesheet = vscode.Uri.joinPath(extensionUri, 'dist/webview/inspector.css');
    return {
      ...modelMethods(
        engine,
        uri.fsPath,
        () => this.folder,
        () => this.files,
      ),
      ...tensorMethods(engine, uri),
      ...this.comparisons.methods,
      ...profileMethods(engine, uri.fsPath),
      ...reportMethods(stylesheet, uri, () => this.name),
      ready: { params: v.undefined(), run: () => this.state },
      again: {
        params: v.undefined(),
        run: () => {
          this.show({ kind: 'reading' });
          void this.read();
        },
      },
      openModel: {
        params: v.object({ file: v.string() }),
        run: async ({ file }) => {
          const { state } = this;
          if (state.kind === 'several' && state.models.some((model) => model.file === file)) {
            await vscode.commands.executeCommand('headlight.inspect', vscode.Uri.file(file));
          }
        },
      },
      openCard: { params: v.undefined(), run: () => this.openCard() },
      copyMarkdown: { params: v.undefined(), run: () => this.copyMarkdown() },
    };
  }

  /** What is shown, for people. */
  private get name(): string {
    return this.about?.name ?? 'model';
  }

  /** What is known of it, once it has been read. */
  private get about(): InspectedWeights | InspectedModel | undefined {
    const { state } = this;
    return state.kind === 'model'
      ? state.model
      : state.kind === 'weights'
        ? state.weights
        : undefined;
  }

  private async openCard(): Promise<void> {
    if (this.card !== undefined) {
      await showMarkdown(vscode.Uri.file(this.card));
    }
  }

  private async copyMarkdown(): Promise<void> {
    if (this.about !== undefined) {
      await vscode.env.clipboard.writeText(inspectionMarkdown(this.about));
    }
  }
}

function withRequest(
  state: InspectorState,
  compare: RequestedComparison | undefined,
): InspectorState {
  if (compare === undefined) {
    return state;
  }
  switch (state.kind) {
    case 'model':
      return { ...state, model: { ...state.model, compare } };
    case 'weights':
      return { ...state, weights: { ...state.weights, compare } };
    default:
      return state;
  }
}

function elsewhere({ scheme }: vscode.Uri): Failure {
  return new Failure({
    kind: 'input',
    what: phrase('The model is not on the machine that Headlight runs on ({0})', scheme),
    remedy: phrase('copy it to a folder there and open it from that folder'),
  });
}
