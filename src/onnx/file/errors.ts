import { Failure, phrase, type Phrase } from '../../shared/failure';
import type { Limits } from './limits';

/** The failure for a file that is no ONNX model, or a damaged one; `what` tells the byte. */
export function malformed(what: Phrase, file: string): Failure {
  return new Failure({
    kind: 'model',
    what,
    where: file,
    remedy: phrase('the file is damaged or not an ONNX model; download or export it again'),
  });
}

/** The failure for a file that goes beyond one of the {@link Limits} at byte `at`. */
export function beyondLimit(
  limit: keyof Limits,
  maximum: number,
  at: number,
  file: string,
): Failure {
  return new Failure({
    kind: 'model',
    what: phrase(
      'The ONNX file exceeds a safety limit at byte {0}: {1} may be at most {2}',
      at,
      limit,
      maximum,
    ),
    where: file,
    remedy: phrase(
      'check where the file comes from; if you trust it, report that the limit is too low',
    ),
  });
}

/** The failure for a file that is not the one any more that its model was read from. */
export function changedSince(file: string): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('The file has changed since the model was opened'),
    where: file,
    remedy: phrase('wait until it is written completely, then open the model again'),
  });
}
