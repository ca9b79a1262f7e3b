import { phrase, type Phrase } from '../../shared/failure';
import { unscannedTypes, type FloatScan } from './floatScan';
import { mayBeExtreme, tensorUses } from './maskTensors';
import type { CheckRule, Found } from './rule';
import { scannedGraphs } from './scannedGraphs';

/**
 * NaN and infinite numbers among the weights: what is computed with them is NaN from there on. Reads
 * every floating-point tensor, those that nodes hold and the scales of quantised weights included. A
 * mask may be infinite; nothing may be NaN.
 */
export const notFiniteWeights: CheckRule = {
  id: 'weights/not-finite',
  async check(model, work) {
    const found: Found[] = [];
    for (const { graph, scans } of await scannedGraphs(model, work)) {
      const useOf = tensorUses(graph);
      for (const scan of scans) {
        const { nan, positiveInfinite, negativeInfinite, tensor } = scan;
        const infinite = positiveInfinite + negativeInfinite;
        if (nan > 0 || (infinite > 0 && !mayBeExtreme(scan, useOf(tensor)))) {
          found.push({
            severity: 'error',
            message: sentence(scan),
            remedy: phrase(
              'download the file again, or look for where these numbers overflowed: in training, or when they were converted to half precision',
            ),
            place: { file: graph.file, tensor: tensor.name },
          });
        }
      }
      const unscanned = unscannedTypes(graph.onnx);
      if (unscanned.length > 0) {
        work.skip(
          phrase('Elements of type {0} are not looked at', unscanned.join(', ')),
          graph.file,
        );
      }
    }
    return found;
  },
};

function sentence(scan: FloatScan): Phrase {
  const { tensor, elements, nan, positiveInfinite, negativeInfinite, firstNotFinite = 0 } = scan;
  const infinite = positiveInfinite + negativeInfinite;
  if (infinite === 0) {
    return phrase(
      '“{1}” holds NaN ({2} of {0} numbers); the first is number {3}, counted from 0',
      elements,
      tensor.name,
      nan,
      firstNotFinite,
    );
  }
  return nan === 0
    ? phrase(
        '“{1}” holds infinite numbers ({2} of {0}); the first is number {3}, counted from 0',
        elements,
        tensor.name,
        infinite,
        firstNotFinite,
      )
    : phrase(
        '“{1}” holds NaN and infinite numbers ({2} and {3} of {0}); the first is number {4}, counted from 0',
        elements,
        tensor.name,
        nan,
        infinite,
        firstNotFinite,
      );
}
