// Tokens and the names of files, models and tensors come from whoever made the model, so they are shown as
// text, never as markup. Each part of the editor's interface has another markup to escape.

/**
 * Text for a notification or its progress, where the editor turns `[words](command:…)` into a link.
 */
export function escapeForMessage(text: string): string {
  return seen(text).replaceAll('](', '] (');
}

/** Text for a quick-pick or status-bar label, where the editor turns `$(name)` into an icon. */
export function escapeForLabel(text: string): string {
  return seen(text).replaceAll('$(', '\\$(');
}

/** Text for the language status, where the editor does both. */
export function escapeForLanguageStatus(text: string): string {
  return escapeForLabel(escapeForMessage(text));
}

/** Text for a `MarkdownString`: all punctuation as character references, so that none is markup. */
export function escapeForMarkdown(text: string): string {
  return seen(text).replaceAll(
    /[\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

/** Text as inline code of a `MarkdownString`, whatever backticks it has (CommonMark 0.31, 6.1). */
export function asInlineCode(text: string): string {
  const shown = seen(text);
  const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${shown} ${fence}` : `${fence}${shown || ' '}${fence}`;
}

/** Line ends become spaces; what turns the direction of writing around, or is obeyed, is named. */
function seen(text: string): string {
  return text
    .replaceAll(/[\t\n\r\u2028\u2029]+/g, ' ')
    .replaceAll(
      /[\p{Cc}\p{Bidi_Control}]/gu,
      (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    );
}
