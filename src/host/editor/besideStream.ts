import * as vscode from 'vscode';
import { TextStream, type ResultStream, type StreamEnd } from './textStream';

/**
 * Writes text into a new, untitled document in the column beside the active editor. The document is
 * opened with the first text, so that nothing is left behind where none comes; the cursor stays
 * where it is.
 */
export class BesideStream implements ResultStream {
  private opening: Promise<TextStream> | undefined;
  private stream: TextStream | undefined;
  private all = '';

  /**
   * @param language identifier of the document's language.
   * @param onEnd called once when the stream can write no more.
   */
  constructor(
    private readonly language: string,
    private readonly onEnd: (end: StreamEnd) => void,
  ) {}

  get text(): string {
    return this.all;
  }

  get fileName(): string {
    return this.stream?.fileName ?? '';
  }

  append(text: string): void {
    this.all += text;
    if (this.stream) {
      this.stream.append(text);
    } else if (text !== '' && !this.opening) {
      this.opening = this.open();
      // `finish` hands the error on; until then there is no use in going on.
      this.opening.catch(() => this.onEnd('closed'));
    }
  }

  async finish(): Promise<StreamEnd | undefined> {
    const stream = await this.opening;
    return stream?.finish();
  }

  dispose(): void {
    this.stream?.dispose();
  }

  private async open(): Promise<TextStream> {
    const document = await vscode.workspace.openTextDocument({ language: this.language });
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
    this.stream = new TextStream(document, { start: 0, end: 0 }, this.onEnd);
    this.stream.append(this.all);
    return this.stream;
  }
}
