import * as l10n from '@vscode/l10n';
import type { RemoteInspector } from '../../src/shared/inspector';
import type { PageAction } from './pageHeader';
import { pageReport } from './report/pageReport';

/** Puts what is known on the clipboard. */
export function copyAsMarkdown(host: RemoteInspector): PageAction {
  return {
    label: l10n.t('Copy as Markdown'),
    run: async () => {
      await host.copyMarkdown();
      return l10n.t('Copied');
    },
  };
}

/** Writes the page as it is into a file. */
export function exportReport(host: RemoteInspector): PageAction {
  return {
    label: l10n.t('Export Report…'),
    run: async () => {
      const page = document.getElementById('root') ?? document.body;
      return (await host.exportReport(pageReport(page))) ? l10n.t('Saved') : undefined;
    },
  };
}
