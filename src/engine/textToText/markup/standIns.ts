/** A way of writing names that models copy as they are. */
export interface StandInForm {
  of: (number: number) => string;
  /** Finds stand-ins; the first group is the number. */
  pattern: RegExp;
}

/**
 * The form of placeholders in messages of programs, which models have seen in their training text;
 * and names, for models that do not know braces, such as T5. The first that does is used.
 */
export const STAND_IN_FORMS: readonly [StandInForm, ...StandInForm[]] = [
  { of: (number) => `{${number}}`, pattern: /\{\s?(\d+)\s?\}/g },
  { of: (number) => `X${number}`, pattern: /(?<![A-Za-z\d])X\s?(\d+)(?!\d)/g },
];
