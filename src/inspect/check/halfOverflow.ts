import { phrase } from '../../shared/failure';
import { mayBeExtreme, tensorUses } from './maskTensors';
import type { CheckRule, Found } from './rule';
import { scannedGraphs } from './scannedGraphs';

/** The largest finite number of float16: (2 − 2⁻¹⁰) × 2¹⁵. */
export const LARGEST_HALF = 65_504;

/** From here on a number is rounded to infinity: half a step of 32 further. */
const ROUNDED_TO_INFINITY = 65_520;

/**
 * Weights that are stored in a wider type and beyond what float16 can hold: a conversion to half
 * precision makes them infinite.
 */
export const halfOverflow: CheckRule = {
  id: 'weights/half-overflow',
  async check(model, work) {
    const found: Found[] = [];
    for (const { graph, scans } of await scannedGraphs(model, work)) {
      const useOf = tensorUses(graph);
      const beyond = scans
        .filter((scan) => {
          const use = useOf(scan.tensor);
          return (
            scan.largest >= ROUNDED_TO_INFINITY &&
            use.weight !== undefined &&
            use.kind === undefined &&
            !mayBeExtreme(scan, use)
          );
        })
        .sort((a, b) => b.largest - a.largest);
      const [worst] = beyond;
      if (worst !== undefined) {
        found.push({
          severity: 'note',
          message: phrase(
            'Weights hold numbers beyond ±{0}, the largest of float16 (weights: {1}), up to {2} in “{3}”: half precision would make them infinite',
            LARGEST_HALF,
            beyond.length,
            Number(worst.largest.toPrecision(4)),
            worst.tensor.name,
          ),
          remedy: phrase(
            'leave these weights in single precision where the others are converted, or use bfloat16',
          ),
          place: { file: graph.file, tensor: worst.tensor.name },
        });
      }
    }
    return found;
  },
};
