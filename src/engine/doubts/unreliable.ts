import type { Doubt } from '../../shared/engineApi';
import type { ModelFolder } from '../../library/modelFolder';

/** What a model that calls itself unreliable has every result doubted for; nothing of others. */
export function unreliable({ purpose }: ModelFolder): Doubt[] {
  return purpose.reliable === false ? [{ kind: 'unreliable' }] : [];
}
