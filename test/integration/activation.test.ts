import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import manifest from '../../package.json';
import { headlight } from './support/headlight';

suite('activation', () => {
  test('every command of the manifest is registered', async () => {
    await headlight();
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const { command } of manifest.contributes.commands) {
      assert.ok(registered.has(command), command);
    }
  });

  test('no engine runs until it is needed', async () => {
    const { api } = await headlight();
    assert.equal(api.enginePid(), undefined);
    assert.equal(api.engineState().state, 'idle');
  });
});
