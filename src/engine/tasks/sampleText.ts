import type { OpenModel } from '../openModel';

/** Sentences that say nothing of a field, in the languages that models know most often. */
const SENTENCES = [
  'If the connection is lost, the client tries to open it again.',
  '如果连接断开，客户端会尝试重新建立连接。',
];

/** A text for a model to read where nobody gives one: the first that it has tokens for. */
export function sampleText({ tokenizer }: OpenModel): string {
  const { unknown } = tokenizer.specialTokens;
  const unknownIn = (text: string): number =>
    tokenizer.encode(text, { addSpecialTokens: false }).filter(({ id }) => id === unknown).length;
  const counts = SENTENCES.map(unknownIn);
  return SENTENCES[counts.indexOf(Math.min(...counts))] ?? '';
}
