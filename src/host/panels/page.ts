import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PageData } from '../../shared/pageData';

/**
 * Fills a webview with one of the views that the build made, and nothing else: no remote content,
 * no script but the view's own.
 * @param view folder name below `webview/`.
 */
export function setPage(webview: vscode.Webview, extensionUri: vscode.Uri, view: string): void {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const script = webview.asWebviewUri(vscode.Uri.joinPath(folder, `${view}.js`));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(folder, `${view}.css`));
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    // Of scripts that the view's own script has in it.
    `worker-src blob:`,
  ].join('; ');
  const { bundle } = vscode.l10n;
  const data: PageData = bundle === undefined ? {} : { bundle };
  // Within a script element only "<" could end it.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  webview.html = `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <title>Headlight</title>
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <!-- The toolkit adds a style sheet of its own, under this nonce. -->
  <meta property="csp-nonce" content="${nonce}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${style.toString()}">
</head>
<body>
  <main id="root"></main>
  <script type="application/json" id="page-data" nonce="${nonce}">${json}</script>
  <script src="${script.toString()}" nonce="${nonce}"></script>
</body>
</html>`;
}
