import * as v from 'valibot';
import type { InspectorHost, InspectorProgress } from '../../../shared/inspector';
import type { EngineClient } from '../../engine/engineClient';
import type { ViewMethods } from '../viewChannel';
import { shownReport } from './shownReport';

type ModelMethods = Pick<
  ViewMethods<InspectorHost, InspectorProgress>,
  'stack' | 'graphs' | 'nodeDetail' | 'cost' | 'check'
>;

/**
 * What the inspector answers about a model as a whole.
 * @param path the file or folder that is inspected.
 * @param folder the folder of the model that a file is of, where there is one.
 * @param files those that are shown.
 */
export function modelMethods(
  engine: EngineClient,
  path: string,
  folder: () => string | undefined,
  files: () => ReadonlySet<string>,
): ModelMethods {
  return {
    stack: {
      params: v.undefined(),
      run: (_, call) => engine.call('stack', { path }, call),
    },
    graphs: {
      params: v.undefined(),
      run: (_, call) => engine.call('moduleGraphs', { path }, call),
    },
    nodeDetail: {
      params: v.object({ file: v.string(), node: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
      run: (node, call) => engine.call('nodeDetail', node, call),
    },
    cost: {
      params: v.undefined(),
      run: async (_, call) => (await engine.call('cost', { path }, call)).models[0],
    },
    check: {
      params: v.undefined(),
      // A file of a model's folder is checked with all that belongs to it.
      run: async (_, call) =>
        shownReport(await engine.call('check', { path: folder() ?? path }, call), files()),
    },
  };
}
