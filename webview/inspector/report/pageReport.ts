import { Failure, phrase } from '../../../src/shared/failure';
import type { PageReport } from '../../../src/shared/inspector';

/** What a document without scripts has no use for. */
const USELESS = [
  '.actions',
  '.action',
  '.tabs',
  '[role="tabpanel"][hidden]',
  '[role="status"]:empty',
  'input[type="range"]',
  'script',
] as const;

/** Fields that somebody types in, of which a document has what stands there. */
const TYPED = 'input[type="number"], input[type="text"]';

/**
 * The page as it is, for a document that nothing can be done in: what is chosen stands as text, buttons are
 * gone. Widths are kept, for drawings are made for them.
 * @throws Failure `input` while parts of the page are still to come.
 */
export function pageReport(page: HTMLElement): PageReport {
  if (page.querySelector('vscode-progress-ring') !== null) {
    throw new Failure({
      kind: 'input',
      what: phrase('The page is not complete yet'),
      remedy: phrase('try again when nothing of it is being read any more'),
    });
  }
  const copy = page.cloneNode(true) as HTMLElement;
  // A property of an input is in no copy of it.
  const inputs = page.querySelectorAll<HTMLInputElement>(TYPED);
  copy.querySelectorAll(TYPED).forEach((input, index) => {
    input.replaceWith(inputs[index]?.value ?? '');
  });
  copy.querySelectorAll(USELESS.join()).forEach((element) => element.remove());
  copy.querySelectorAll('.choices').forEach((choices) => {
    choices.replaceWith(choices.querySelector('[aria-checked="true"]')?.textContent ?? '');
  });
  copy.querySelectorAll('button.name').forEach((name) => name.replaceWith(...name.childNodes));
  copy.querySelectorAll('button').forEach((button) => button.remove());
  copy.querySelectorAll('[tabindex]').forEach((element) => element.removeAttribute('tabindex'));
  const { style } = document.documentElement;
  const variables = Array.from(style)
    .filter((name) => name.startsWith('--vscode-'))
    .map((name): [string, string] => [name, style.getPropertyValue(name)]);
  return {
    html: copy.innerHTML,
    width: page.clientWidth,
    themeClasses: [...document.body.classList].filter((name) => name.startsWith('vscode-')),
    variables: Object.fromEntries(variables),
  };
}
