/** A word of Latin letters of which a sentence may have a second one and say something new. */
const FUNCTION_WORDS = new Set(
  (
    'about after also and are been before being both but can cannot could does doing each for from had has ' +
    'have having here how into its just like make may more most must need not one only other out over same ' +
    'should some such than that the their them then there these they this those through too under until use ' +
    'used uses using very was were what when where which while who will with would you your'
  ).split(' '),
);

/** Shorter words are articles, prepositions and the like. */
const SHORTEST = 3;

const WORD = /[a-z]+(?:['’][a-z]+)?/g;
const SENTENCE_END = /(?<=[.:!?])\s+|\n/;

/**
 * Words that a continuation says though its sentence has them already: such a sentence mostly goes in a
 * circle (“A class is a class of the class”). English alone is looked at.
 * @param start what was gone on from.
 * @returns one for each time that a word comes again, in lower case.
 */
export function repeatedWords(start: string, continuation: string): string[] {
  const all = start + continuation;
  let from = 0;
  return all.split(SENTENCE_END).flatMap((sentence) => {
    const at = all.indexOf(sentence, from);
    from = at + sentence.length;
    const seen = new Set<string>();
    return [...sentence.toLowerCase().matchAll(WORD)].flatMap(({ 0: word, index }) => {
      if (word.length < SHORTEST || FUNCTION_WORDS.has(word)) {
        return [];
      }
      const again = seen.has(word) && at + index >= start.length;
      seen.add(word);
      return again ? [word] : [];
    });
  });
}
