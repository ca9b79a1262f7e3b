import * as l10n from '@vscode/l10n';
import type { RemoteInspector } from '../../src/shared/inspector';
import type { Comparison } from './diff/useDiff';
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

/** What can be done with a comparison, once there is one. */
export function diffActions(diff: Comparison, host: RemoteInspector): PageAction[] {
  if (diff.value === undefined || diff.counterpart === undefined) {
    return [];
  }
  return [
    {
      label: l10n.t('Swap A and B'),
      run: () => {
        diff.swap();
        return Promise.resolve(undefined);
      },
    },
    {
      label: l10n.t('Copy as Markdown'),
      run: async () => {
        await host.copyDiff();
        return l10n.t('Copied');
      },
    },
    exportReport(host),
  ];
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
