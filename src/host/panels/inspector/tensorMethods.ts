import * as v from 'valibot';
import * as vscode from 'vscode';
import type { InspectorHost, InspectorProgress, TensorName } from '../../../shared/inspector';
import type { StoredTensor } from '../../../shared/tensorListing';
import type { EngineClient } from '../../engine/engineClient';
import type { ViewMethods } from '../viewChannel';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const tensorName = {
  file: v.string(),
  name: v.string(),
  occurrence: v.exactOptional(v.pipe(index, v.minValue(1))),
};
const tensorWindow = v.object({ row: index, rows: index, column: index, columns: index });

/** Of a tensor with more elements the ends of each side are printed, as NumPy does. */
const PRINTED = 1000;

type TensorMethods = Pick<
  ViewMethods<InspectorHost, InspectorProgress>,
  'tensors' | 'tensorStatistics' | 'tensorTile' | 'copyTensor' | 'saveTensor'
>;

/**
 * What the inspector answers about the tensors of a model.
 * @param uri the file or folder that is inspected.
 */
export function tensorMethods(engine: EngineClient, uri: vscode.Uri): TensorMethods {
  const path = uri.fsPath;
  let listed: readonly StoredTensor[] = [];
  return {
    tensors: {
      params: v.undefined(),
      run: async (_, call) => {
        const { tensors } = await engine.call('tensors', { path }, call);
        listed = tensors;
        return tensors;
      },
    },
    tensorStatistics: {
      params: v.object(tensorName),
      run: (name, call) => engine.call('tensorStatistics', { tensor: { path, ...name } }, call),
    },
    tensorTile: {
      params: v.object({ ...tensorName, window: tensorWindow, rows: index, columns: index }),
      run: ({ window, rows, columns, ...name }, call) =>
        engine.call('tensorTile', { tensor: { path, ...name }, window, rows, columns }, call),
    },
    copyTensor: {
      params: v.object(tensorName),
      run: async (name, call) => {
        const tensor = { path, ...name };
        const { text } = await engine.call('tensorText', { tensor, threshold: PRINTED }, call);
        await vscode.env.clipboard.writeText(text);
      },
    },
    saveTensor: {
      params: v.object(tensorName),
      run: async (name, call) => {
        const target = await askWhere(uri, parameterName(name, listed));
        if (target !== undefined) {
          // The dialog has asked whether a file may be replaced.
          const tensor = { path, ...name };
          await engine.call('saveTensor', { tensor, target, replace: true }, call);
        }
      },
    },
  };
}

/** The name that `transformers` gives a tensor, whose shape and rows the file has; else the file's. */
function parameterName({ file, name }: TensorName, listed: readonly StoredTensor[]): string {
  const found = listed.find((tensor) => tensor.file === file && tensor.name === name);
  return found?.parameters[0] ?? name;
}

async function askWhere(uri: vscode.Uri, name: string): Promise<string | undefined> {
  const base = name.replaceAll(/[^\w.-]+/g, '_');
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(uri, '..', `${base}.npy`),
    filters: { NumPy: ['npy'] },
  });
  return target?.fsPath;
}
