import { phrase } from '../../shared/failure';
import type { FloatScan } from './floatScan';
import type { CheckedGraph, CheckedModel, CheckWork } from './rule';

/** What was found in the weights of each graph whose weights are all there. Others are skipped. */
export async function scannedGraphs(
  { graphs }: CheckedModel,
  work: CheckWork,
): Promise<{ graph: CheckedGraph; scans: readonly FloatScan[] }[]> {
  const scanned: { graph: CheckedGraph; scans: readonly FloatScan[] }[] = [];
  for (const graph of graphs) {
    if (areWeightsThere(graph, work)) {
      scanned.push({ graph, scans: await work.floats(graph) });
    }
  }
  return scanned;
}

/** Whether the weights of a graph are all there; if they are not, the rule is skipped. */
export function areWeightsThere({ file, lacks }: CheckedGraph, work: CheckWork): boolean {
  if (lacks.length > 0) {
    work.skip(phrase('Some of its weights are missing'), file);
  }
  return lacks.length === 0;
}
