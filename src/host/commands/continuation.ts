/**
 * How a text is handed to a model that shall go on with it. Most tokens begin with their space:
 * after a text that ends with spaces the model would be off its track. So the spaces stay in the
 * document, the model sees the text without them, and `join` takes them off what it writes.
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
