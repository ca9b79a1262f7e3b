import type { HeadId } from '../../shared/attention';
import { Failure, phrase } from '../../shared/failure';
import type { Effect } from '../../shared/referenceRun';
import type { AttentionTrace } from '../../trace/attentionTrace';
import type { Tensor } from '../../reference/tensor';
import type { OpenModel } from '../openModel';
import type { RunControl } from '../reference/tracedRun';
import { measureEffect, type Intervention } from './measureEffect';

/**
 * What it does to a trace's text when one head is silenced, as {@link zeroAblation} does.
 * @throws Failure `input` for a head that the trace lacks; as {@link measureEffect} does.
 */
export async function ablate(
  opened: OpenModel,
  trace: AttentionTrace,
  { site, head }: HeadId,
  control: RunControl,
): Promise<Effect> {
  trace.site(site, head);
  return measureEffect(opened, trace.summary.sequences, zeroAblation({ site, head }), control);
}

/**
 * What it does to a trace's text when tokens cannot be attended to: of an encoder–decoder model those of
 * the source.
 * @param tokens their indices in the sequence that keys come of first.
 * @throws Failure `input` for a token that the trace lacks, or if none is left; as {@link measureEffect}
 *   does.
 */
export async function maskTokens(
  opened: OpenModel,
  trace: AttentionTrace,
  tokens: readonly number[],
  control: RunControl,
): Promise<Effect> {
  const { encoder, decoder } = trace.summary.sequences;
  const length = (encoder ?? decoder ?? []).length;
  const beyond = tokens.find((token) => token >= length);
  if (beyond !== undefined) {
    throw new Failure({
      kind: 'input',
      what: phrase('The text has {0} tokens, so that there is no token {1}', length, beyond),
      remedy: phrase('count the tokens from 0'),
    });
  }
  const masked = new Set(tokens);
  if (masked.size === length) {
    throw new Failure({
      kind: 'input',
      what: phrase('All tokens of the text are hidden, so that nothing is left to attend to'),
      remedy: phrase('leave at least one token in sight'),
    });
  }
  const mask = Array.from({ length }, (_, token) => (masked.has(token) ? 0 : 1));
  return measureEffect(opened, trace.summary.sequences, { mask }, control);
}

/**
 * One head's output before the projection, z, set to zero (Michel et al., 2019, "Are Sixteen Heads
 * Really Better than One?", section 2.2).
 */
export function zeroAblation({ site, head }: HeadId): Intervention {
  return { replace: new Map([[`${site}.hook_z`, (z: Tensor) => withoutHead(z, head)]]) };
}

/** z [batch, tokens, heads, d_head] with zeros for one head. */
function withoutHead({ dims, data }: Tensor, head: number): Tensor {
  const [, , heads = 1, size = 1] = dims;
  return {
    dims,
    data: data.map((value, i) => (Math.floor(i / size) % heads === head ? 0 : value)),
  };
}
