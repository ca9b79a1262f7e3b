/** What the host hands over to a view with its page. */
export interface PageData {
  /** The sentences of the display language by the English ones; absent in English. */
  bundle?: Record<string, string>;
}
