/**
 * A sentence for the user, kept apart from its arguments, so that a host can translate it.
 * `text` is the English sentence with `{0}`, `{1}` … in it and the key of its translation.
 */
export interface Phrase {
  text: string;
  /** One that is a phrase itself is translated, too. */
  args: readonly (string | number | Phrase)[];
}

/**
 * Characters of a name, a path or a foreign message that a sentence has room for. Files may hold
 * names of megabytes; long paths have some hundred.
 */
const MOST_QUOTED = 1000;

/** Characters that are kept of the end of what is longer: the name of a file, for one. */
const KEPT_END = 200;

/**
 * Makes a {@link Phrase}. Every first argument has a translation; a test holds the list against it.
 * Of long texts among the others the middle is left out.
 */
export function phrase(text: string, ...args: (string | number | Phrase)[]): Phrase {
  return { text, args: args.map((arg) => (typeof arg === 'string' ? shortened(arg) : arg)) };
}

function shortened(text: string): string {
  if (text.length <= MOST_QUOTED) {
    return text;
  }
  const parts = [text.slice(0, MOST_QUOTED - KEPT_END), text.slice(-KEPT_END)];
  // A character of two units may have been cut in half.
  return parts.join('…').replaceAll(/\p{Cs}/gu, '');
}

/** Puts the arguments of a phrase into its English text. */
export function inEnglish({ text, args }: Phrase): string {
  return text.replace(/\{(\d+)\}/g, (whole, index: string) => {
    const value = args[Number(index)];
    if (value === undefined) {
      return whole;
    }
    return typeof value === 'object' ? inEnglish(value) : String(value);
  });
}

/** What kind of thing went wrong, for code that must react and not only report. */
export type FailureKind =
  /** The user asked for something that makes no sense, such as an empty text. */
  | 'input'
  /** A model folder lacks something or holds something unreadable. */
  | 'model'
  /** The model or the text needs what Headlight, or this version of it, does not have. */
  | 'unsupported'
  /** What was asked for is gone, for instance a trace after the engine was restarted. */
  | 'gone'
  /** The engine process crashed, hung or would not start. */
  | 'engine'
  /** The runtime refused or failed. */
  | 'runtime';

/** What a {@link Failure} consists of when it crosses a process border. */
export interface FailureData {
  kind: FailureKind;
  what: Phrase;
  /** The file, tensor or input that it is about. Not translated. */
  where?: string;
  remedy: Phrase;
}

/** An error with everything a user needs: what is wrong, where, and what to do about it. */
export class Failure extends Error implements FailureData {
  readonly kind: FailureKind;
  readonly what: Phrase;
  readonly where?: string;
  readonly remedy: Phrase;

  constructor({ kind, what, where, remedy }: FailureData, options?: ErrorOptions) {
    const shortPlace = where === undefined ? undefined : shortened(where);
    const place = shortPlace === undefined ? '' : ` (${shortPlace})`;
    super(`${inEnglish(what)}${place}: ${inEnglish(remedy)}`, options);
    this.name = 'Failure';
    this.kind = kind;
    this.what = what;
    if (shortPlace !== undefined) {
      this.where = shortPlace;
    }
    this.remedy = remedy;
  }

  /** The plain data, for a border that errors do not cross unharmed. */
  get data(): FailureData {
    const { kind, what, where, remedy } = this;
    return where === undefined ? { kind, what, remedy } : { kind, what, where, remedy };
  }
}

/** Any error as a {@link Failure}: one that nobody foresaw keeps its message and its cause. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) {
    return error;
  }
  return new Failure(
    {
      kind: 'runtime',
      what: phrase(
        'Something unexpected went wrong: {0}',
        error instanceof Error ? error.message : String(error),
      ),
      remedy: phrase('try again; if it happens again, report it with the log'),
    },
    { cause: error },
  );
}
