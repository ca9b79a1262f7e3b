import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type * as vscode from 'vscode';
import { root } from '../../support/root';
import themes from './themes.json';
import { speak, type Language } from './vscode';

export type Theme = keyof typeof themes;

export interface PageOptions {
  width: number;
  height?: number;
  language?: Language;
  theme?: Theme;
}

/** Where the page pretends to come from; every request is answered here. */
const origin = 'http://panel.test';

/** A page of a browser that takes a view for a webview of the workbench. */
export interface ViewPage {
  page: Page;
  /** Addresses that the page asked for which are none of its own. */
  foreignRequests: readonly string[];
}

/**
 * Opens a view as users get it, as it is built, in a browser page of its own: no workbench stands between it
 * and its host.
 * @param attach hands the webview to the host of the view.
 */
export async function openView(
  browser: Browser,
  { width, height = 800, language = 'en', theme = 'dark' }: PageOptions,
  attach: (webview: vscode.Webview) => void,
): Promise<ViewPage> {
  speak(language);
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(30_000);
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) foreign.push(request.url());
  });
  const webview = new PageWebview(page);
  attach(webview);
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
  return { page, foreignRequests: foreign };
}

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
