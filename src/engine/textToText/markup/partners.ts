import { isBlockTag } from './blockTags';
import type { Mark } from './marks';

/** A tag, or an escape, that may have a partner. */
export interface OpenMark {
  name: string;
  mark: Mark;
}

/** Elements whose content is code or a drawing: kept as one piece. */
const CODE_ELEMENTS = /^(?:code|kbd|samp|tt|var|pre|script|style|textarea|svg|math)$/i;

/**
 * Pairs a tag with its partner among its siblings. An element of code becomes one piece together with its
 * content; the tags of a block are no pair, but two borders of sentences.
 * @param open marks that are open, the innermost last; changed.
 */
export function pairTag(tag: string, mark: Mark, open: OpenMark[]): void {
  const [, closing, name = '', empty] = /^<(\/?)([\w:-]*)[^]*?(\/?)>$/.exec(tag) ?? [];
  const partner = closing === '' ? undefined : take(open, (one) => one.name === name);
  if (isBlockTag(name, closing !== '')) {
    mark.role = 'block';
  }
  if (partner === undefined) {
    if (closing === '' && empty === '') {
      open.push({ name, mark });
    }
  } else if (mark.role === 'block') {
    partner.role = 'block';
  } else if (CODE_ELEMENTS.test(name)) {
    partner.end = mark.end;
  } else {
    pairUp(partner, mark);
  }
}

/** What opens a pair, by what closes it. */
const ESCAPED_PAIRS: Partial<Record<string, string>> = {
  '\\*': '\\*',
  '\\_': '\\_',
  '\\~': '\\~',
  '\\)': '\\(',
  '\\]': '\\[',
};

/**
 * Pairs an escape with its partner: escaped stars, underscores and brackets that surround words are a pair,
 * as unescaped ones are.
 * @param open as for {@link pairTag}.
 */
export function pairEscape(text: string, mark: Mark, open: OpenMark[]): void {
  const name = text.slice(mark.start, mark.end);
  const opening = ESCAPED_PAIRS[name];
  const partner =
    opening === undefined || /\s/.test(text.charAt(mark.start - 1))
      ? undefined
      : take(open, (one) => one.name === opening && one.mark.end < mark.start);
  if (partner !== undefined) {
    pairUp(partner, mark);
  } else if (/\S/.test(text.charAt(mark.end))) {
    open.push({ name, mark });
  }
}

/** The innermost mark that is sought; those within it have no partner. */
function take(open: OpenMark[], isSought: (one: OpenMark) => boolean): Mark | undefined {
  const at = open.findLastIndex(isSought);
  return at < 0 ? undefined : open.splice(at)[0]?.mark;
}

function pairUp(open: Mark, close: Mark): void {
  const pair = open.start;
  Object.assign(open, { role: 'open', pair });
  Object.assign(close, { role: 'close', pair });
}
