import { createRef, type VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ExplainedSentence } from '../../src/shared/attentionPanel';
import { Explanation, nextExplanationId } from '../ui/explanation';
import { WholeNumbers } from '../ui/wholeNumbers';

/** Sentences with spaces between them, and behind them all their explanations, which are not on screen. */
export function ExplainedSentences({
  sentences,
}: {
  sentences: readonly ExplainedSentence[];
}): VNode {
  const explained = useMemo(
    () =>
      sentences.map((sentence) => ({
        ...sentence,
        id: nextExplanationId(),
        anchor: createRef<HTMLSpanElement>(),
      })),
    [sentences],
  );
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
