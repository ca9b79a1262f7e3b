import { useLayoutEffect, useState } from 'preact/hooks';
import type {
  Counterpart,
  InspectedWeights,
  RemoteInspector,
  ShownDiff,
} from '../../../src/shared/inspector';
import type { DiffProgress } from '../../../src/shared/modelDiff';
import { useRequest, type Request } from '../../ui/useRequest';
import type { Memory } from '../memory';

/** A comparison with another model, which is made when it is asked for, since it reads all weights. */
export interface Comparison extends Request<ShownDiff, DiffProgress> {
  /** What the model is compared with; undefined before one is chosen. */
  counterpart: Counterpart | undefined;
  /** Whether the model that is inspected is B. */
  isSwapped: boolean;
  /** What both read; undefined for a sentence of ours. */
  text: string | undefined;
  choose: (counterpart: Counterpart) => void;
  swap: () => void;
  read: (text: string) => void;
  /** Ends one that goes on, and goes back to the choice. */
  stop: () => void;
}

interface Wanted {
  counterpart: Counterpart;
  isSwapped: boolean;
  text?: string;
}

/** @param about what is inspected: what was compared with another reading of it is compared again. */
export function useDiff(
  host: RemoteInspector,
  { reading, compare }: InspectedWeights,
  memory: Memory,
): Comparison {
  const [wanted, setWanted] = useState<Wanted>();
  const request = useRequest<ShownDiff, DiffProgress>(
    wanted && ((options) => host.diff(paramsOf(wanted), options)),
    [wanted, reading],
  );
  useLayoutEffect(() => {
    if (compare !== undefined) {
      setWanted({ counterpart: compare.counterpart, isSwapped: false });
    }
  }, [compare?.request]);
  useLayoutEffect(() => memory.keep('diff', { text: wanted?.text }), [memory, wanted?.text]);
  const keptText = memory.of('diff')['text'];
  const text = wanted?.text ?? (typeof keptText === 'string' ? keptText : undefined);
  const change = (part: Partial<Wanted>): void =>
    setWanted((before) => before && { ...before, ...part });
  return {
    ...request,
    counterpart: wanted?.counterpart,
    isSwapped: wanted?.isSwapped ?? false,
    text,
    choose: (counterpart) =>
      setWanted({ counterpart, isSwapped: false, ...(text === undefined ? {} : { text }) }),
    swap: () => change({ isSwapped: wanted?.isSwapped !== true }),
    read: (given) => change({ text: given }),
    stop: () => setWanted(undefined),
  };
}

function paramsOf({
  counterpart: { id },
  ...rest
}: Wanted): Parameters<RemoteInspector['diff']>[0] {
  return { counterpart: id, ...rest };
}

/** Brings up the comparison when somebody asks for it outside of the page. */
export function useRequestedTab({ compare }: InspectedWeights, choose: () => void): void {
  useLayoutEffect(() => {
    if (compare !== undefined) {
      choose();
    }
  }, [compare?.request]);
}

/** What a model is called beside others: by its file where it has but one. */
export function ownName({ name, files }: InspectedWeights): string {
  const [file, ...others] = files;
  return file === undefined || others.length > 0 ? name : (file.split(/[\\/]/).at(-1) ?? file);
}
