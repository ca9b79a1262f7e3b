/**
 * The prompt of a completion. Most tokens begin with a space, so models complete badly after a text that
 * ends with spaces. The model gets the text without them, and `join` removes them from the beginning of its
 * output.
 */
export function continuation(text: string): { prompt: string; join: (delta: string) => string } {
  const [spaces = ''] = /(?<=\S) +$/.exec(text) ?? [];
  let surplus = spaces.length;
  return {
    // Models are trained on line feeds, whatever line ends the document has.
    prompt: text.slice(0, text.length - spaces.length).replaceAll('\r\n', '\n'),
    join: (delta) => {
      if (delta === '' || surplus === 0) {
        return delta;
      }
      const [leading = ''] = /^ */.exec(delta) ?? [];
      const cut = Math.min(surplus, leading.length);
      surplus = 0;
      return delta.slice(cut);
    },
  };
}
