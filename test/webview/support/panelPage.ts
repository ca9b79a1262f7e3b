import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type * as vscode from 'vscode';
import type { EngineClient } from '../../../src/host/engine/engineClient';
import {
  AttentionPanel,
  type AttentionPanelActions,
} from '../../../src/host/panels/attentionPanel';
import { root } from '../../support/root';
import themes from './themes.json';
import { speak, type Language } from './vscode';

export type Theme = keyof typeof themes;

export interface PanelOptions {
  width: number;
  height?: number;
  language?: Language;
  theme?: Theme;
  actions?: Partial<AttentionPanelActions>;
  /** What stands around the traced text. */
  furtherTexts?: () => string[] | undefined;
}

/** Where the page pretends to come from; every request is answered here. */
const origin = 'http://panel.test';

/**
 * The panel as users get it, its host and its view as they are built, in a browser page of its own:
 * no workbench stands between the two.
 */
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
    {
      width,
      height = 800,
      language = 'en',
      theme = 'dark',
      actions = {},
      furtherTexts = () => [],
    }: PanelOptions,
  ): Promise<PanelPage> {
    speak(language);
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(30_000);
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) foreign.push(request.url());
    });
    const panel = new AttentionPanel(
      { path: '/' } as unknown as vscode.Uri,
      engine,
      { ...idle, ...actions },
      furtherTexts,
      { error: (message) => console.error(message) },
    );
    const webview = new PageWebview(page);
    panel.resolveWebviewView(webview.asView());
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (!route.request().url().startsWith(`${origin}/`)) return route.abort();
      if (pathname === '/') {
        return route.fulfill({ body: webview.html, contentType: 'text/html; charset=utf-8' });
      }
      return route.fulfill({ path: path.join(root, pathname) });
    });
    await page.exposeFunction('postToHost', (message: unknown) => webview.receive(message));
    await page.addInitScript(dressPage, { ...themes[theme], defaults });
    await page.goto(`${origin}/`);
    return new PanelPage(page, panel, foreign);
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

/** A theme of the workbench as a view meets it. */
interface Dress {
  classes: string;
  variables: Record<string, string>;
  /** The style sheet that the workbench gives every view, in a layer below its own. */
  defaults: string;
}

const defaults = readFileSync(path.join(root, 'test/webview/support/workbench.css'), 'utf8');

/** A webview whose page is a Playwright page. */
class PageWebview {
  html = '';
  options = {};
  readonly cspSource = origin;
  private listener: ((message: unknown) => unknown) | undefined;

  constructor(private readonly page: Page) {}

  asWebviewUri({ path: file }: vscode.Uri): vscode.Uri {
    return new URL(file, origin) as unknown as vscode.Uri;
  }

  onDidReceiveMessage(listener: (message: unknown) => unknown): { dispose(): void } {
    this.listener = listener;
    return { dispose: () => (this.listener = undefined) };
  }

  receive(message: unknown): void {
    this.listener?.(message);
  }

  async postMessage(message: unknown): Promise<boolean> {
    if (!this.page.isClosed()) {
      await this.page.evaluate((data) => window.postMessage(data, '*'), message);
    }
    return true;
  }

  asView(): vscode.WebviewView {
    return { webview: this, onDidDispose: () => undefined } as unknown as vscode.WebviewView;
  }
}

/** Runs in the page before anything else: what the workbench puts around a view. */
function dressPage({ classes, variables, defaults }: Dress): void {
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) =>
        (window as unknown as { postToHost(message: unknown): void }).postToHost(message),
      // Outlives the page, as in the workbench.
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') as unknown,
      setState: (next: unknown) => sessionStorage.setItem('state', JSON.stringify(next)),
    }),
  });
  // Before the view's script runs, as in the workbench.
  const observer = new MutationObserver(() => {
    if (document.body as HTMLElement | null) {
      observer.disconnect();
      for (const [name, value] of Object.entries(variables)) {
        document.documentElement.style.setProperty(name, value);
      }
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(defaults);
      document.adoptedStyleSheets.push(sheet);
      document.body.className = classes;
    }
  });
  observer.observe(document, { childList: true, subtree: true });
}
