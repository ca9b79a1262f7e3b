import type { HeadPlace } from '../../shared/attention';
import { Failure, phrase } from '../../shared/failure';
import type { Effect } from '../../shared/referenceRun';
import type { AttentionTrace } from '../../trace/attentionTrace';
import { effectOf } from '../../trace/effect';
import type { Tensor } from '../../reference/tensor';
import type { ReferenceInput, RunOptions } from '../../reference/transformer';
import type { OpenModel } from '../openModel';
import { referenceOf } from '../reference/referenceOf';
import { followed, idsOf, inputOf, type Following } from '../reference/tracedRun';
import { namedToken } from './namedToken';

/**
 * What it does to a trace's text when one head is silenced: its output before the projection, z, is
 * set to zero (Michel et al., 2019, "Are Sixteen Heads Really Better than One?", section 2.2).
 * @throws Failure `input` for a head that the trace lacks, `unsupported` for a family that the
 *   reference does not know; the signal's reason.
 */
export async function ablate(
  opened: OpenModel,
  trace: AttentionTrace,
  { site, head }: HeadPlace,
  following: Following,
): Promise<Effect> {
  trace.site(site, head);
  const silence = (z: Tensor): Tensor => withoutHead(z, head);
  return effectOn(opened, trace, following, { replace: new Map([[`${site}.hook_z`, silence]]) });
}

/**
 * What it does to a trace's text when tokens cannot be attended to: of an encoder–decoder model those
 * of the source.
 * @param tokens their indices in the sequence that keys come of first.
 * @throws Failure `input` for a token that the trace lacks, or as {@link ablate} does.
 */
export async function maskTokens(
  opened: OpenModel,
  trace: AttentionTrace,
  tokens: readonly number[],
  following: Following,
): Promise<Effect> {
  const { encoder, decoder } = trace.summary.sequences;
  const length = (encoder ?? decoder ?? []).length;
  const beyond = tokens.find((token) => token >= length);
  if (beyond !== undefined) {
    throw new Failure({
      kind: 'input',
      what: phrase('The text has {0} tokens, so that there is no token {1}', length, beyond),
      todo: phrase('count the tokens from 0'),
    });
  }
  const masked = new Set(tokens);
  const mask = Array.from({ length }, (_, token) => (masked.has(token) ? 0 : 1));
  return effectOn(opened, trace, following, { mask: [mask] });
}

/** Compares a run with one that was changed. */
async function effectOn(
  opened: OpenModel,
  { summary }: AttentionTrace,
  following: Following,
  change: Partial<{ replace: RunOptions['replace']; mask: ReferenceInput['mask'] }>,
): Promise<Effect> {
  const { model } = await referenceOf(opened);
  const input = inputOf(summary);
  const { mask, replace } = change;
  const before = await model.run(input, followed(following, 0, 2));
  const after = await model.run(
    { ...input, ...(mask && { mask }) },
    { ...followed(following, 1, 2), ...(replace && { replace }) },
  );
  const { encoder, decoder } = summary.sequences;
  return effectOf(
    before.logits.data,
    after.logits.data,
    idsOf(decoder ?? encoder),
    decoder === undefined ? 'own' : 'before',
    (id) => namedToken(opened.tokenizer, id),
  );
}

/** z [batch, tokens, heads, d_head] with zeros for one head. */
function withoutHead({ dims, data }: Tensor, head: number): Tensor {
  const [, , heads = 1, size = 1] = dims;
  return {
    dims,
    data: data.map((value, i) => (Math.floor(i / size) % heads === head ? 0 : value)),
  };
}
