import { config } from '@vscode/l10n';
import { render, type VNode } from 'preact';
import { parsePageData } from './pageData';

/** Has sentences translated from now on as the host says, and puts a view into the page. */
export function showView(view: VNode): void {
  const { bundle } = parsePageData(part('page-data').textContent);
  if (bundle !== undefined) {
    config({ contents: bundle });
  }
  render(view, part('root'));
}

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`The page lacks #${id}`);
  }
  return found;
}
