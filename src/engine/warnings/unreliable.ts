import type { ResultWarning } from '../../shared/resultWarning';
import type { ModelFolder } from '../../library/modelFolder';

/** The warning that every result of a model that calls itself unreliable gets; none for others. */
export function unreliableModelWarning({ purpose }: ModelFolder): ResultWarning[] {
  return purpose.reliable === false ? [{ kind: 'unreliable' }] : [];
}
