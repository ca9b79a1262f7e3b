/**
 * Elements of HTML that begin and end a block of their own, so that words inside never belong to a sentence
 * outside: https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3, and the line break.
 */
const BLOCKS =
  /^(?:p|div|li|[uod]l|d[td]|t[dhr]|thead|tbody|tfoot|h[1-6]|[bh]r|summary|details|figcaption|figure|blockquote)$/i;

/** Elements of the same kind whose names may as well be those of placeholders: `Set <title> to a name.` */
const NAMED_AS_PLACEHOLDERS =
  /^(?:address|article|aside|body|caption|center|dialog|fieldset|footer|form|head|header|hgroup|html|legend|main|menu|nav|optgroup|option|search|section|table|title)$/i;

/**
 * Whether a tag is the border of a block.
 * @param name of its element.
 * @param isPaired whether it closes an element or is closed, which a placeholder is not.
 */
export function isBlockTag(name: string, isPaired: boolean): boolean {
  return BLOCKS.test(name) || (isPaired && NAMED_AS_PLACEHOLDERS.test(name));
}
