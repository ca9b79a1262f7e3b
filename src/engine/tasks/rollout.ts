import type { Rollout } from '../../shared/referenceRun';
import type { AttentionTrace } from '../../trace/attentionTrace';
import { attentionRollout } from '../../trace/rollout';

/**
 * Attention rollout of a trace: for each stack, an estimate from its own attention alone of how much
 * of each of its tokens is in each position after its last layer. In decoders it favours the first
 * token, on which many heads rest; docs/faithfulness.md has how far it agrees with gradients.
 * @throws as the trace's maps do.
 */
export async function rollout(trace: AttentionTrace, signal: AbortSignal): Promise<Rollout[]> {
  const found: Rollout[] = [];
  for (const component of ['encoder', 'decoder'] as const) {
    const sites = trace.summary.sites.filter(
      (site) => site.component === component && site.kind !== 'cross',
    );
    const [first] = sites;
    if (first !== undefined) {
      const { heads, queries, kind } = first;
      const layers: Float32Array[] = [];
      for (const { id } of sites) {
        layers.push(await trace.layer(id, signal));
      }
      const values = attentionRollout(layers, heads, queries).at(-1) ?? new Float32Array(0);
      found.push({ component, causal: kind === 'masked', tokens: queries, values });
    }
  }
  return found;
}
