import type { Browser, Page } from 'playwright-core';
import type * as vscode from 'vscode';
import type { EngineClient } from '../../../src/host/engine/engineClient';
import {
  AttentionPanel,
  type AttentionPanelActions,
} from '../../../src/host/panels/attentionPanel';
import { openView, type PageOptions } from './viewPage';

export interface PanelOptions extends PageOptions {
  actions?: Partial<AttentionPanelActions>;
  /** What stands around the traced text. */
  furtherTexts?: () => string[] | undefined;
}

/** The attention panel, its host and its view, in a browser page. */
export class PanelPage {
  private constructor(
    readonly page: Page,
    readonly panel: AttentionPanel,
    /** Addresses that the page asked for which are none of its own. */
    readonly foreignRequests: readonly string[],
  ) {}

  static async open(
    browser: Browser,
    engine: EngineClient,
    { actions = {}, furtherTexts = () => [], ...options }: PanelOptions,
  ): Promise<PanelPage> {
    const panel = new AttentionPanel(
      { path: '/' } as unknown as vscode.Uri,
      engine,
      { ...idle, ...actions },
      furtherTexts,
      { error: (message) => console.error(message) },
    );
    const { page, foreignRequests } = await openView(browser, options, (webview) => {
      const view = { webview, onDidDispose: () => undefined };
      panel.resolveWebviewView(view as unknown as vscode.WebviewView);
    });
    return new PanelPage(page, panel, foreignRequests);
  }

  /** Waits until the page has laid itself out. */
  async settled(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  async close(): Promise<void> {
    this.panel.dispose();
    await this.page.close();
  }
}

const idle: AttentionPanelActions = {
  chooseHead: () => undefined,
  revealToken: () => undefined,
  traceSelection: () => undefined,
  retry: () => undefined,
  chooseModel: () => undefined,
};
