/** A tensor, a value or a node of one of the model's files, which some tab can show. */
export interface Place {
  /** Absolute path. */
  file: string;
  tensor?: string;
  value?: string;
  node?: string;
}
