import { createRef, type RefObject, type VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { ExplainedSentence } from '../../src/shared/attentionPanel';
import { Explanation, nextExplanationId } from '../ui/explanation';
import { WholeNumbers } from '../ui/wholeNumbers';

/** Sentences with spaces between them, and behind them all their explanations, which are not on screen. */
export function ExplainedSentences({
  sentences,
}: {
  sentences: readonly ExplainedSentence[];
}): VNode {
  // By their places, so that one that is open stays open when sentences are told anew.
  const places = useRef<{ id: string; anchor: RefObject<HTMLSpanElement | null> }[]>([]);
  const explained = sentences.map((sentence, index) => ({
    ...sentence,
    ...(places.current[index] ??= { id: nextExplanationId(), anchor: createRef() }),
  }));
  return (
    <>
      {explained.map(({ text, meaning, id, anchor }) => {
        const words = <WholeNumbers text={text} />;
        return (
          <>
            {meaning === undefined ? (
              words
            ) : (
              <span ref={anchor} class="explained" tabIndex={0} aria-describedby={id}>
                {words}
              </span>
            )}
            {spaceBehind(text)}
          </>
        );
      })}
      {explained.map(
        ({ meaning, id, anchor }) =>
          meaning !== undefined && <Explanation key={id} id={id} anchor={anchor} text={meaning} />,
      )}
    </>
  );
}

/** What stands between a sentence and the next one: nothing behind a full stop of Chinese. */
function spaceBehind(text: string): string {
  return /[。！？]$/.test(text) ? '' : ' ';
}
