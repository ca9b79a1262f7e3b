import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { eventually } from '../support/eventually';
import { useWorkbench } from '../support/session';

suite('install', () => {
  const session = useWorkbench();

  test('the packaged extension is installed and listed', async () => {
    const workbench = await session.open();
    await workbench.palette('View: Show Extensions');
    const entry = workbench.page.locator('.extension-list-item', { hasText: 'Headlight' });
    await entry.waitFor();
  });

  test('the palette offers the commands', async () => {
    const workbench = await session.open();
    await eventually(async () => {
      const offered = await workbench.commands('Headlight: ');
      for (const title of ['Headlight: Complete Selection', 'Headlight: Trace Attention']) {
        assert.ok(offered.includes(title), `${title} is not among ${offered.join(', ')}`);
      }
    });
  });
});
