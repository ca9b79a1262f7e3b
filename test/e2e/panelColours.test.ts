import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { root } from '../support/root';
import { useWorkbench } from '../support/session';
import type { Theme } from '../support/workbench';
import themes from '../webview/support/themes.json';

/** test/webview/ shows the panel without a workbench, in colours that were taken from one. */
suite('The colours that the panel is pictured in', () => {
  const session = useWorkbench();

  test('are those of the workbench', async () => {
    const workbench = await session.open();
    await workbench.activity('Headlight').click();
    await workbench.view().getByRole('heading').waitFor();
    const defaults = readFileSync(path.join(root, 'test/webview/support/workbench.css'), 'utf8');
    for (const theme of ['dark', 'light', 'high contrast'] as const satisfies readonly Theme[]) {
      await workbench.setTheme(theme);
      const { classes, variables } = themes[theme];
      await workbench
        .view()
        .locator(`body.${classes.split(' ').join('.')}`)
        .waitFor();
      const found = await workbench
        .view()
        .locator('body')
        .evaluate(
          (body, names) => ({
            classes: body.getAttribute('class'),
            variables: Object.fromEntries(
              names.map((name) => [
                name,
                document.documentElement.style.getPropertyValue(name).trim(),
              ]),
            ),
            defaults: document.getElementById('_defaultStyles')?.textContent ?? '',
          }),
          Object.keys(variables),
        );
      assert.deepEqual(found.variables, variables, theme);
      assert.equal(found.classes, classes, theme);
      assert.equal(withoutSpace(found.defaults), withoutSpace(defaults));
    }
  });
});

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
