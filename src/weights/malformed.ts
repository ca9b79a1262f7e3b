import { Failure, phrase } from '../shared/failure';
import type { Phrase } from '../shared/failure';
import type { WeightLimits } from './limits';

/** The failure for a file that is no safetensors file or no index of such, or a damaged one. */
export function malformedWeights(what: Phrase, file: string, cause?: unknown): Failure {
  return new Failure(
    {
      kind: 'model',
      what,
      where: file,
      remedy: phrase('the file is damaged or of another format; download it again'),
    },
    cause === undefined ? undefined : { cause },
  );
}

/** The failure for a file that goes beyond one of the {@link WeightLimits}. */
export function beyondWeightLimit(
  limit: keyof WeightLimits,
  maximum: number,
  file: string,
): Failure {
  return new Failure({
    kind: 'model',
    what: phrase(
      'The file with the weights exceeds a safety limit: {0} may be at most {1}',
      limit,
      maximum,
    ),
    where: file,
    remedy: phrase(
      'check where the file comes from; if you trust it, report that the limit is too low',
    ),
  });
}

/** The failure for a tensor whose bytes are not as many as its shape needs. */
export function wrongByteLength(
  name: string,
  bytes: number,
  dims: readonly number[],
  file: string,
): Failure {
  return malformedWeights(
    phrase(
      'Tensor “{0}” has {1} bytes of data, which its shape [{2}] does not fit',
      name,
      bytes,
      dims.join(', '),
    ),
    file,
  );
}
