import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './root';

/** The page that tests make, section by section. */
const page = path.join(root, 'docs/support.md');

/**
 * Holds a section of docs/support.md, from its heading of the second level on, against what a test
 * has found. With UPDATE_SUPPORT=1 in the environment it is written instead, at the end of the page
 * where it is new.
 * @param section begins with `## `, ends with a line break.
 * @param grep what the test can be run by.
 */
export function assertSection(section: string, grep: string): void {
  const [heading = ''] = section.split('\n');
  const before = readFileSync(page, 'utf8');
  const start = before.indexOf(`\n${heading}\n`) + 1;
  const next = before.indexOf('\n## ', start);
  const found = start === 0 ? '' : before.slice(start, next < 0 ? undefined : next);
  if (process.env['UPDATE_SUPPORT'] === '1') {
    const rest = next < 0 ? '' : before.slice(next);
    const above = start === 0 ? `${before}\n` : before.slice(0, start);
    writeFileSync(page, `${above}${section}${rest}`);
    return;
  }
  assert.equal(found, section, `UPDATE_SUPPORT=1 npm run test:unit -- ${grep} rewrites it`);
}

/** The page's first part: what stands above the sections. */
export function firstPart(text: string): string {
  const next = text.indexOf('\n## ');
  return next < 0 ? text : text.slice(0, next);
}
