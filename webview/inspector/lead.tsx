import type { VNode } from 'preact';

/** Sentences that say the most important thing first; what stands between `**` is emphasised. */
export function Lead({ sentences }: { sentences: readonly string[] }): VNode {
  // Chinese has no space between sentences.
  const parts = sentences.join(' ').replaceAll('。 ', '。').split('**');
  return (
    <p class="lead">
      {parts.map((part, index) => (index % 2 === 1 ? <b key={index}>{part}</b> : part))}
    </p>
  );
}
