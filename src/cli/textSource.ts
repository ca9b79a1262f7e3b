import { UsageError } from './usageError';

/** Where a text comes from; what is piped into the program is standard input that nobody types. */
export type TextSource = { text: string } | { file: string } | 'standard input' | 'pipe';

/** Words of a text, in the order in which they stand. */
export interface TextWords {
  /** Those that stand before `--text`, or all where there is none. */
  plain: readonly string[];
  /** That of `--text`, and those behind it, which quotation marks should have held together. */
  option: readonly string[];
}

/** The words of a text among what `parseArgs` of Node found. */
export function textWords(
  tokens: readonly { kind: string; name?: string; value?: string | undefined }[],
): TextWords {
  const words = tokens.flatMap((token) =>
    token.kind === 'positional'
      ? [{ word: token.value ?? '', isOption: false }]
      : token.kind === 'option' && token.name === 'text'
        ? [{ word: token.value ?? '', isOption: true }]
        : [],
  );
  // The first one is the command.
  const others = words.filter((_, index) => index !== words.findIndex((each) => !each.isOption));
  const option = others.findIndex(({ isOption }) => isOption);
  const list = others.map(({ word }) => word);
  return option < 0
    ? { plain: list, option: [] }
    : { plain: list.slice(0, option), option: list.slice(option) };
}

/**
 * Where a text comes from. Words that a shell has taken apart are one text again, with a space between
 * two of them.
 * @throws UsageError where it is given twice.
 */
export function textSource(
  file: string | undefined,
  { plain, option }: TextWords,
  command: string,
): TextSource {
  if (option.length > 0 && file !== undefined) {
    throw new UsageError('--text and --file exclude each other');
  }
  const [first] = plain;
  if (first !== undefined && (option.length > 0 || file !== undefined)) {
    throw new UsageError(`“${command}” takes one text, not “${first}” and another one`);
  }
  if (file !== undefined) {
    return { file };
  }
  const words = [...plain, ...option];
  if (words.length === 0) {
    return 'pipe';
  }
  return plain.length === 1 && first === '-' ? 'standard input' : { text: words.join(' ') };
}

/** What to type where no text is given. */
export function textMissing(command: string): UsageError {
  return new UsageError(
    `“${command}” needs a text: headlight ${command} "…", or --file F, or a pipe`,
  );
}
