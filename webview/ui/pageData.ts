import type { PageData } from '../../src/shared/pageData';

/**
 * Reads what the host wrote into the page.
 *
 * @param text JSON
 * @throws Error if it is anything else than {@link PageData}
 */
export function parsePageData(text: string): PageData {
  const data: unknown = JSON.parse(text);
  if (!isRecord(data)) {
    throw new Error('The data of the page is no object');
  }
  const { bundle } = data;
  if (bundle === undefined) {
    return {};
  }
  if (!isTable(bundle)) {
    throw new Error('The bundle of the page is no table of sentences');
  }
  return { bundle };
}

function isTable(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
