/**
 * What a line of code looks like in common languages. Short prompts give no mean of probabilities, so
 * each of these must be sure by itself: of 34,820 lines of prose in the Markdown of npm packages none
 * is like them, of 14,528 lines of code there 58% are.
 */
const STATEMENTS: readonly RegExp[] = [
  // A block begins, or ends.
  /^[^`]*\{$/,
  /^[})\]]+[;,]?$/,
  // A statement or a call with its end.
  /^(?:return|throw|import|export|await|yield|delete|using|package)\b[^`]*;$/,
  /^[\w$.]+\(.*\);$/,
  // Definitions.
  /^(?:[a-z]+ )*(?:def|fn|func|function\*?)(?: \w+)? ?[(<].*[):{,(>\]}]$/,
  /^(?:[a-z]+ )*(?:class|enum|interface|struct|trait) [A-Z]\w*(?:[(<].*|.* )?[:{]$/,
  /^(?:export |pub )?(?:const|let|val|var|static) [\w{[(].*=/,
  // What is taken from elsewhere.
  /^from [\w.]+ import\b/,
  /^#include *[<"]/,
  // A condition, and an assignment.
  /^(?:if|for|while|switch) ?\(.*\)$/,
  /^[A-Za-z_][\w.[\]]* [-+*/|&:]?= \S/,
];

/** Whether the last line of a text, which is what a completion goes on with, is surely code. */
export function endsInCode(text: string): boolean {
  const whole = text.trimEnd();
  const last = whole.slice(whole.lastIndexOf('\n') + 1).trimStart();
  return STATEMENTS.some((statement) => statement.test(last));
}
