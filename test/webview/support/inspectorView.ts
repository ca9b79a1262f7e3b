import path from 'node:path';
import type { Browser } from 'playwright-core';
import type * as vscode from 'vscode';
import type { EngineClient } from '../../../src/host/engine/engineClient';
import { InspectorPage } from '../../../src/host/panels/inspector/inspectorPage';
import { openView, type PageOptions, type ViewPage } from './viewPage';

/** The inspector, its host and its view, in a browser page. */
export interface InspectorView extends ViewPage {
  host: InspectorPage;
  /** Tells the host that the model has changed on disk. */
  change: () => void;
  close: () => Promise<void>;
}

/** @param model path of a file or folder. */
export async function openInspector(
  browser: Browser,
  engine: EngineClient,
  model: string,
  options: PageOptions,
): Promise<InspectorView> {
  let host: InspectorPage | undefined;
  let change = (): void => undefined;
  const view = await openView(browser, options, (webview) => {
    host = new InspectorPage({
      extensionUri: { path: '/' } as unknown as vscode.Uri,
      engine,
      log: { error: (message) => console.error(message) },
      webview,
      uri: {
        scheme: 'file',
        path: path.resolve(model),
        fsPath: path.resolve(model),
      } as unknown as vscode.Uri,
      watch: (onChange) => {
        change = onChange;
        return { dispose: () => undefined };
      },
    });
  });
  if (host === undefined) {
    throw new Error('The host of the view was not made');
  }
  const made = host;
  return {
    ...view,
    host: made,
    change: () => change(),
    close: async () => {
      made.dispose();
      await view.page.close();
    },
  };
}
