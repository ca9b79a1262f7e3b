import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { modelsOfHubCache, modelsOfWorkspace } from '../../src/host/commands/foundModels';
import { temporaryFolder } from '../support/temporary';
import { safetensorsFile } from '../support/tensors/safetensorsFile';
import { headlight, tidyUp, until } from './support/headlight';

suite('Inspecting models', () => {
  let api: HeadlightApi;
  let folder: string;

  suiteSetup(async () => {
    ({ api, folder } = await headlight());
  });

  teardown(tidyUp);

  /** The inspector's tab in front, if there is one. */
  function inspected(): vscode.Uri | undefined {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputCustom && input.viewType === 'headlight.inspector'
      ? input.uri
      : undefined;
  }

  test('an .onnx file opens in the inspector by itself', async () => {
    const file = vscode.Uri.file(path.join(folder, 'models/headlight-complete/onnx/model.onnx'));
    await vscode.commands.executeCommand('vscode.open', file);
    await until('the inspector is in front', () => inspected()?.fsPath === file.fsPath);
    await until('the engine has read the model', () => api.enginePid() !== undefined);
  });

  test('Inspect Model opens a folder, and beside it another one', async () => {
    for (const name of ['headlight-translate-en-zh', 'headlight-summarize']) {
      const model = vscode.Uri.file(path.join(folder, 'models', name));
      await vscode.commands.executeCommand('headlight.inspect', model);
      await until(`the inspector shows ${name}`, () => inspected()?.fsPath === model.fsPath);
    }
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const open = tabs.filter(({ input }) => input instanceof vscode.TabInputCustom);
    assert.equal(open.length, 2);
  });

  test('weights without a graph open on request, and others may open them as well', async () => {
    const target = path.join(temporaryFolder(), 'model.safetensors');
    const tensor = { name: 'w', dtype: 'float32' as const, dims: [2], bytes: new Uint8Array(8) };
    writeFileSync(target, safetensorsFile([tensor]));
    await vscode.commands.executeCommand('headlight.inspectThis', vscode.Uri.file(target));
    await until('the inspector is in front', () => inspected()?.fsPath === target);
    await vscode.commands.executeCommand(
      'vscode.openWith',
      vscode.Uri.file(target),
      'headlight.weightsInspector',
    );
    await until('the other editor is in front', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return (
        input instanceof vscode.TabInputCustom && input.viewType === 'headlight.weightsInspector'
      );
    });
  });

  test('models of the hub cache and of the open folders are found', async () => {
    const cache = temporaryFolder();
    mkdirSync(path.join(cache, 'models--org--name'));
    mkdirSync(path.join(cache, 'datasets--org--other'));
    const cached = await modelsOfHubCache({ HF_HUB_CACHE: cache });
    assert.deepEqual(
      cached.map(({ name, uri }) => [name, uri.fsPath]),
      [['org/name', path.join(cache, 'models--org--name')]],
    );
    assert.deepEqual(await modelsOfHubCache({ HF_HOME: path.join(cache, 'none') }), []);
    const { token } = new vscode.CancellationTokenSource();
    const found = await modelsOfWorkspace(token);
    assert.ok(found.every(({ uri }) => /\.(onnx|safetensors|gguf)$/.test(uri.fsPath)));
  });

  test('a file is read-only: it has nothing to save', async () => {
    const target = path.join(temporaryFolder(), 'copy', 'model.onnx');
    mkdirSync(path.dirname(target));
    copyFileSync(path.join(folder, 'models/headlight-complete/onnx/model.onnx'), target);
    await vscode.commands.executeCommand('headlight.inspect', vscode.Uri.file(target));
    await until('the inspector is in front', () => inspected()?.fsPath === target);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty, false);
  });
});
