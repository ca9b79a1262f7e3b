import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { root } from '../../support/root';

const axe = readFileSync(createRequire(`${root}/`).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong with a page: the rules of WCAG 2.2 A and AA and axe's own of good practice.
 * @returns one line for each element, with the rule that it breaks.
 */
export async function accessibilityDefects(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}
