/**
 * Text for a message of the editor, which would make a link of `[words](command:…)`: names of
 * tensors and files come from whoever made the model, and are never to be clicked.
 */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}
