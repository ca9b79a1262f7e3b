import { useState } from 'preact/hooks';
import type { RemoteInspector, ShownReport } from '../../../src/shared/inspector';
import type { CheckProgress } from '../../../src/shared/modelCheck';
import { useRequest, type Request } from '../../ui/useRequest';

/** The check of a model, which is made when it is asked for, since it reads all weights. */
export interface Check extends Request<ShownReport, CheckProgress> {
  isAsked: boolean;
  ask: () => void;
  /** Ends one that goes on. */
  stop: () => void;
}

/** @param reading counts the readings of the file: a report of another one is out of date. */
export function useCheck(host: RemoteInspector, reading: number): Check {
  const [asked, setAsked] = useState<number>();
  const isAsked = asked === reading;
  const request = useRequest<ShownReport, CheckProgress>(
    isAsked ? (options) => host.check(undefined, options) : undefined,
    [isAsked, reading],
  );
  return {
    ...request,
    isAsked,
    ask: () => setAsked(reading),
    stop: () => setAsked(undefined),
  };
}
