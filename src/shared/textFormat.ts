import type { TextFormat } from './textToText';

/** Languages of editors that are Markdown, most of them with something added to it. */
const MARKDOWN = new Set([
  'chatagent',
  'instructions',
  'juliamarkdown',
  'markdown',
  'prompt',
  'quarto',
  'rmd',
  'skill',
]);

/**
 * The format of a document by its language's id in VS Code. Other languages of marked-up text, such as
 * HTML and LaTeX, have no parser here and are read as plain text: a translation that lacks signs of
 * theirs gets a warning.
 */
export function formatOfLanguage(languageId: string): TextFormat {
  return languageId === 'mdx' ? 'mdx' : MARKDOWN.has(languageId) ? 'markdown' : 'plain';
}

/** The names that VS Code takes for Markdown, and those of languages built on it. */
const MARKDOWN_FILE = /\.(?:md|mkd|mdwn|mdown|markdown|markdn|mdtxt|mdtext|qmd|rmd)$/i;

/** The format of a file by its name. */
export function formatOfFile(name: string): TextFormat {
  return /\.mdx$/i.test(name) ? 'mdx' : MARKDOWN_FILE.test(name) ? 'markdown' : 'plain';
}
