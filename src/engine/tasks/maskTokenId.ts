import { maskToken } from '../../library/maskToken';
import type { OpenModel } from '../openModel';

/** The token that stands for a hidden word; most models have none. */
export function maskTokenId({ folder, tokenizer }: OpenModel): number | undefined {
  const mask = maskToken(folder.tokenizer);
  return mask === undefined
    ? undefined
    : tokenizer.encode(mask, { addSpecialTokens: false }).find(({ piece }) => piece === mask)?.id;
}
