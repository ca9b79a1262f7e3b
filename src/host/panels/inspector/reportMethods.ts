import * as v from 'valibot';
import * as vscode from 'vscode';
import type { InspectorHost, InspectorProgress } from '../../../shared/inspector';
import type { ViewMethods } from '../viewChannel';
import { reportDocument } from './reportDocument';

/**
 * Has the inspector write its page into a file.
 * @param stylesheet of the view.
 * @param uri the file or folder that is inspected.
 * @param name what the model is called now.
 */
export function reportMethods(
  stylesheet: vscode.Uri,
  uri: vscode.Uri,
  name: () => string,
): Pick<ViewMethods<InspectorHost, InspectorProgress>, 'exportReport'> {
  return {
    exportReport: {
      params: v.object({
        html: v.string(),
        width: v.pipe(v.number(), v.integer(), v.minValue(1)),
        themeClasses: v.array(v.string()),
        variables: v.record(v.string(), v.string()),
      }),
      run: async (report) => {
        const base = name().replaceAll(/[^\w.-]+/g, '_');
        const target = await vscode.window.showSaveDialog({
          defaultUri: vscode.Uri.joinPath(uri, '..', `${base}.html`),
          filters: { HTML: ['html'] },
        });
        if (target === undefined) {
          return false;
        }
        const css = new TextDecoder().decode(await vscode.workspace.fs.readFile(stylesheet));
        const { language } = vscode.env;
        const date = new Date().toLocaleDateString(language, { dateStyle: 'long' });
        const origin = vscode.l10n.t('Written by Headlight on {0}', date);
        const text = reportDocument(report, css, { title: name(), origin, language });
        await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
        return true;
      },
    },
  };
}
