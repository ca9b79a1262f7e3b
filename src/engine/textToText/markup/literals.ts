import type { TextRange } from '../../../shared/text';

const NAME = String.raw`[A-Za-z_$][\w$]*`;

/** Signs that words of a language have none of. */
const SIGN = String.raw`=<>&#@|^~\\{}$`;

/** A variable of one letter, unless it is an English word; and a number. */
const VARIABLE = String.raw`(?<![\w.'’])(?:[b-zB-HJ-Z]|[aAI](?!\s+\p{L}))(?![\w'’])`;
const OPERAND = String.raw`(?:${VARIABLE}|(?<![\w.])\d+(?:\.\d+)?(?!\w))`;
const OPERATOR = String.raw` (?:[=!<>]=|[=+*/<>-]) `;

/** What means the same in every language and must come out letter by letter; the first one counts. */
const LITERALS = [
  // Addresses, up to what ends a sentence.
  String.raw`\b(?:https?|ftp|file|wss?|vscode)://[^\s<>"'“”‘’\x60\p{Script=Han}。，、；：！？（）「」]*[^\s<>"'“”‘’\x60\p{Script=Han}。，、；：！？（）「」.,;:!?)\]}*_~]`,
  String.raw`\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b`,
  // Placeholders: {{x}}, {% x %}, \${x}, {0}, {name!r:>10}, {n, plural, …}, %(name)s, %1$d, %s, $name.
  String.raw`\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}|[$#]\{[^{}\n]*\}|\{[\w.:,!#<>=^+%*'[\]$-]*\}|\{[\w.[\]]*(?:![rsa])?:[^\w{}\n]?[<>=^][^{}\n]*\}`,
  String.raw`\{\w+,\s*(?:plural|select|selectordinal|number|date|time)\b(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})*\}`,
  String.raw`%\[[^[\]\s]+\]\w?|%\{\w+\}`,
  String.raw`%\(\w+\)[-+ #0]*[\d.*]*[a-zA-Z]|%(?:\d+\$)?[-+#0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|ll|[hlqjzt])?[diouxXeEfFgGcspn@]\b|%%`,
  String.raw`\$(?:\d+\b|${NAME})`,
  // Tags of documentation with the name that they are about.
  String.raw`\{@\w+[^{}\n]*\}|(?<![\w@])@(?:param|arg|prop(?:erty)?)\s+(?:\{[^{}\n]*\}\s+)?\[?[\w.$]+\]?|(?<![\w@])@[A-Za-z][\w/-]*(?:\s+\{[^{}\n]*\})?`,
  String.raw`(?<![\w:]):(?:param|type|raises|keyword)\s+[\w ]+:|(?<![\w:]):[A-Za-z_][\w-]*(?:(?:/[:\w*-]+)+|:)?`,
  // Directives of reStructuredText, with one word behind them: .. code-block:: python.
  String.raw`(?<![\w.])\.\.\s+[A-Za-z][\w:-]*::(?:\s+[\w.+-]+\s*$)?`,
  // Queries of addresses: ?name, ?name=value&other.
  String.raw`(?<![\w?])\?[A-Za-z_][\w-]*(?:=[\w%+-]*)?(?:&[A-Za-z_][\w-]*(?:=[\w%+-]*)?)*`,
  // Letters below and above the line: H~2~O, x^2^.
  String.raw`(?<![\w~^])\w*(?:(?:~[^\s~/[\]]{1,40}~(?!~)|\^[^\s^[\]]{1,40}\^)\w*)+`,
  // Paths and names of files.
  String.raw`(?<![\w/\\])(?:[A-Za-z]:\\|\\\\)[\w.$\\-]*[\w$]`,
  String.raw`(?<![\w/.<])(?:~|\.{1,2})?/(?:[\w.@+-]+/)*[\w.@+-]*[\w+-]/?`,
  String.raw`(?<![\w/.])(?:[\w.@+-]+/)+[\w@+-]*\.[a-z]\w{0,7}\b|(?<![\w/.])(?:[\w.@+-]+/){2,}[\w.@+-]*`,
  String.raw`(?<![\w/.@])[\w-]{2,}(?:\.[\w-]+)*\.[a-z][a-z0-9]{0,7}\b(?!\.\w)`,
  String.raw`(?<![\w/.@])\.[a-z][\w-]+(?:\.\w+)*\b`,
  // Acronyms with a stroke, and how dates are written: TCP/IP, N/A, YYYY-MM-DD.
  String.raw`(?<![\w/.-])[A-Z][A-Z\d]{0,4}(?:/[A-Z][A-Z\d]{0,4})+(?![\w/])`,
  String.raw`(?<![\w/.-])(?:[Yy]{2,4}|MM|mm|DD|dd|HH|hh)(?:[-/:.T]?(?:[Yy]{2,4}|MM|mm|DD|dd|HH|hh|ss|SSS|Z))+(?!\w)`,
  // Versions.
  String.raw`(?<![\w.])v?\d+(?:\.\d+){2,}(?:[-+.]\w+)*|(?<![\w.])v\d+(?:\.\d+)*\b`,
  // Formulas with variables of one letter, x = y + 1, and such a variable beside another name.
  String.raw`(?:${OPERAND}${OPERATOR}){0,9}${VARIABLE}(?:${OPERATOR}${OPERAND}){1,9}|(?:${OPERAND}${OPERATOR}){1,9}${VARIABLE}`,
  String.raw`(?<![\w.'’])[b-zB-HJ-Z](?= [=+<>] )|(?<=\w [=+<>] )${VARIABLE}`,
  // Options of command lines, and names as programs have them.
  String.raw`(?<![\w-])--[A-Za-z][\w-]*(?:=[\w./-]+)?|(?<![\w-])-[A-Za-z]\b(?!-)`,
  String.raw`(?<![\w$.])${NAME}(?:\.${NAME})*\(\)|(?<![\w$])(?:[A-Za-z]\w*_\w*|_+\w+)|(?<![\w$])[a-z]+(?:[A-Z][a-z0-9]*)+\b`,
  // Whatever else has a sign of programs within: a=b, #tag, AT&T, x->y.
  String.raw`(?<![\w.+/%${SIGN}-])(?:[\w.+/%-]+[${SIGN}]+|[${SIGN}]+(?=\w))(?:[\w.+/%:${SIGN}-]*[\w${SIGN}])?`,
];

const LITERAL = new RegExp(LITERALS.join('|'), 'gu');

/** Finds addresses, placeholders, paths and names of programs in a part of a text, in order. */
export function findLiterals(text: string, { start, end }: TextRange): TextRange[] {
  return Array.from(text.slice(start, end).matchAll(LITERAL), ({ 0: found, index }) => ({
    start: start + index,
    end: start + index + found.length,
  }));
}
