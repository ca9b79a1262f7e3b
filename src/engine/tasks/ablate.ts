import type { Effect } from '../../shared/referenceRun';
import type { AttentionTrace } from '../../trace/attentionTrace';
import { effectOf } from '../../trace/effect';
import type { Tensor } from '../../reference/tensor';
import type { OpenModel } from '../openModel';
import { referenceOf } from '../reference/referenceOf';
import { followed, inputOf, type Following } from '../reference/tracedRun';

/** A head of a trace. */
export interface HeadPlace {
  site: string;
  head: number;
}

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
  const { model } = await referenceOf(opened);
  const input = inputOf(trace.summary);
  const before = await model.run(input, followed(following, 0, 2));
  const after = await model.run(input, {
    ...followed(following, 1, 2),
    replace: new Map([[`${site}.hook_z`, (z) => withoutHead(z, head)]]),
  });
  const { encoder, decoder } = trace.summary.sequences;
  return effectOf(
    before.logits.data,
    after.logits.data,
    (decoder ?? encoder ?? []).map(({ id }) => id),
    decoder === undefined ? 'own' : 'before',
    (id) => opened.tokenizer.tokenText(id),
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
