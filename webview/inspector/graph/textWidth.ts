/** Measures words as the picture writes them, in CSS pixels. */
export interface TextWidth {
  box: (words: string) => number;
  edge: (words: string) => number;
}

/** The font of the page in the sizes of the picture. */
export function textWidth(): TextWidth {
  const { fontFamily } = getComputedStyle(document.body);
  const context = document.createElement('canvas').getContext('2d');
  const measure = (size: number) => {
    const known = new Map<string, number>();
    return (words: string): number => {
      let width = known.get(words);
      if (width === undefined && context !== null) {
        context.font = `${size}px ${fontFamily}`;
        width = context.measureText(words).width;
        known.set(words, width);
      }
      return width ?? words.length * size * 0.6;
    };
  };
  return { box: measure(13), edge: measure(11) };
}
