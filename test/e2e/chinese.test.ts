import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { useWorkbench } from '../support/session';

const SENTENCE = 'The parser reads the 服务 file.';

suite('The display language 简体中文', () => {
  const session = useWorkbench();

  test('command, panel, hover and message speak Chinese', async () => {
    const workbench = await session.open({
      files: { 'note.txt': `${SENTENCE}\n` },
      file: 'note.txt',
      language: 'zh-cn',
    });
    await workbench.activity('Headlight').click();
    await workbench.view().getByText('看看模型在关注什么').waitFor();

    await workbench.select(SENTENCE);
    await workbench.palette('Headlight: 追踪注意力');
    const view = workbench.view();
    await view.getByText(/^6 层 × 6 头/).waitFor();
    await view.getByRole('button', { name: '验证' }).click();
    await view.getByRole('button', { name: /^已验证/ }).click();
    await view.getByText('服 1/3').first().waitFor();

    const hover = await workbench.hover('parser', '根据前文预测的概率');
    assert.match(await hover.innerText(), /词元 \d+[^]*第 \d 层第 \d 头关注/);
    await workbench.screenshot('chinese');
  });
});
