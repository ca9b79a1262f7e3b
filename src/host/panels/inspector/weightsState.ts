import * as path from 'node:path';
import { env } from 'vscode';
import type { InspectorState } from '../../../shared/inspector';
import type { ModelAbout } from '../../../shared/modelAbout';
import type { TensorListing } from '../../../shared/tensorListing';
import { dtypeShares, weightFacts } from '../../../wording/inspector/weightFacts';
import { factOf } from './inspectedState';

/**
 * What the engine found in a path that holds weights without a graph, in the user's language.
 * @param given the path; its name stands for one that no configuration tells.
 */
export function weightsState(
  listing: TensorListing,
  about: ModelAbout,
  given: string,
  reading: number,
): InspectorState {
  const files = new Set(listing.tensors.map(({ file }) => path.relative(about.folder, file)));
  return {
    kind: 'weights',
    weights: {
      reading,
      name: about.family === undefined ? path.basename(given) : about.name,
      files: [...files],
      facts: weightFacts(listing, env.language).map((group) => group.map(factOf)),
      dtypes: dtypeShares(listing),
      hasCard: about.card !== undefined,
    },
  };
}
