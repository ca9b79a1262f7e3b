/** A half-open range of UTF-16 code units, the editor's own unit: `text.slice(start, end)`. */
export interface TextRange {
  start: number;
  end: number;
}

/** A token of the vocabulary as it reads. */
export interface NamedToken {
  text: string;
  /** Its entry of the vocabulary, where the text cannot tell: of bytes that are no whole characters. */
  piece?: string;
}

/** One token of a tokenized text and the characters it stands for. */
export interface Token extends TextRange {
  id: number;
  /** The token as it reads in running text, e.g. `" world"`; special tokens keep their name. */
  text: string;
  /** The entry of the vocabulary, e.g. `"Ġworld"` or `"▁world"`. */
  piece: string;
  /** True for tokens that the tokenizer added, such as `<s>`; their range is empty. */
  special: boolean;
}
