import type { Dataflow } from './dataflow';
import type { Node } from './model';
import { moduleName } from './modulePath';

/** What `transformers` calls the output layer of all its models that write. */
const OUTPUT_LAYER = /(^|\.)lm_head$/;

/**
 * Whether a node of no module adds to what the output layer computes. BART and its kin have a buffer
 * for that, `final_logits_bias`, which exporters of a part of the model make a constant without a name.
 */
export function addsToLogits(node: Node, flow: Dataflow): boolean {
  return (
    node.opType === 'Add' &&
    moduleName(node) === '' &&
    node.inputs.some((value) => {
      const before = flow.producer(value);
      return before !== undefined && OUTPUT_LAYER.test(moduleName(before));
    })
  );
}
