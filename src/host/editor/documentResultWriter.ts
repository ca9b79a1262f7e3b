import type * as vscode from 'vscode';
import type { UnsureWord } from '../../shared/generation';
import { joinedResults, wordsInJoined } from './joinedResults';
import type { ResultDocumentOptions, ResultDocuments } from './resultDocuments';
import type { ResultStream, ResultWriter, WritingStopReason } from './resultWriter';

/** Between two updates of the document: the eye sees no steps. */
const SHOW_EVERY_MS = 60;

/**
 * Writes results into the result document of their source, one below the other. It is shown with the
 * first text, so that nothing is changed where none comes.
 */
export class DocumentResultWriter implements ResultWriter {
  readonly streams: readonly ResultStream[];
  private readonly texts: string[];
  /** By result, with places in it. */
  private readonly unsure: (readonly UnsureWord[])[];
  private readonly listener: vscode.Disposable;
  private opening: Promise<vscode.TextDocument> | undefined;
  private document: vscode.TextDocument | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /**
   * @param count how many results there will be.
   * @param onEnd called once when nothing more can be written.
   */
  constructor(
    private readonly documents: ResultDocuments,
    private readonly options: ResultDocumentOptions,
    count: number,
    private readonly onEnd: (end: WritingStopReason) => void,
  ) {
    this.texts = Array.from({ length: count }, () => '');
    this.unsure = this.texts.map(() => []);
    this.streams = this.texts.map((_, index) => ({
      append: (text: string) => this.append(index, text),
      // What came stands beside a source that is still there.
      breakOff: () => undefined,
      markUnsure: (words) => {
        this.unsure[index] = words;
      },
    }));
    this.listener = documents.onDidClose((uri) => {
      if (uri.toString() === this.document?.uri.toString()) {
        this.closed = true;
        onEnd('closed');
      }
    });
  }

  get fileName(): string {
    return this.options.name;
  }

  get text(): string {
    return joinedResults(this.texts);
  }

  get lost(): string {
    return this.closed ? this.text : '';
  }

  async finish(): Promise<WritingStopReason | undefined> {
    clearTimeout(this.timer);
    const document = await this.opening;
    if (document) {
      this.documents.update(document, this.text);
      await this.documents.settled(document);
      this.documents.markUnsure(document, wordsInJoined(this.texts, this.unsure));
    }
    return this.closed ? 'closed' : undefined;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listener.dispose();
  }

  private append(index: number, text: string): void {
    this.texts[index] = (this.texts[index] ?? '') + text.replaceAll(/\r\n?/g, '\n');
    if (text === '') {
      return;
    }
    if (this.opening) {
      this.timer ??= setTimeout(() => this.show(), SHOW_EVERY_MS);
    } else {
      this.opening = this.open();
      // `finish` hands the error on; until then there is no use in going on.
      this.opening.catch(() => this.onEnd('closed'));
    }
  }

  private async open(): Promise<vscode.TextDocument> {
    this.document = await this.documents.open(this.text, this.options);
    return this.document;
  }

  private show(): void {
    this.timer = undefined;
    if (this.document) {
      this.documents.update(this.document, this.text);
    }
  }
}
