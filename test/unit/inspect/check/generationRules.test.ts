import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { cpSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { change, tinyEncoder } from '../../../support/engine/models';
import { findings } from '../../../support/inspect/checked';
import { root } from '../../../support/root';
import { temporaryFolder } from '../../../support/temporary';

/** A copy of a bundled model without its quantized files. */
function copied(name: 'headlight-complete' | 'headlight-translate-en-zh'): string {
  const folder = temporaryFolder();
  const isQuantized = (file: string): boolean => file.endsWith('_quantized.onnx');
  cpSync(path.join(root, 'models', name), folder, {
    recursive: true,
    filter: (file) => !isQuantized(file),
  });
  return folder;
}

/** What a rule finds when settings of `generate` are changed. */
async function withSettings(
  rule: string,
  settings: Record<string, unknown>,
  name: Parameters<typeof copied>[0] = 'headlight-complete',
): Promise<string[]> {
  const folder = copied(name);
  change(path.join(folder, 'generation_config.json'), settings);
  return findings(folder, rule);
}

suite('inspect/check: settings of generate', () => {
  test('tokens that the model does not have', async () => {
    const rule = 'generation/unknown-tokens';
    assert.deepEqual(await withSettings(rule, { pad_token_id: -1, suppress_tokens: [4095] }), []);
    assert.deepEqual(await withSettings(rule, { suppress_tokens: [1, 4096], pad_token_id: 5000 }), [
      'error: “pad_token_id” names token 5000, but the model knows 4096 tokens only, from 0 on (generation_config.json)',
      'error: “suppress_tokens” names token 4096, but the model knows 4096 tokens only, from 0 on (generation_config.json)',
    ]);
  });

  test('what config.json says counts where the other file leaves it out', async () => {
    const folder = copied('headlight-complete');
    change(path.join(folder, 'generation_config.json'), { bos_token_id: null });
    change(path.join(folder, 'config.json'), { bos_token_id: 4096 });
    assert.deepEqual(await findings(folder, 'generation/unknown-tokens'), [
      'error: “bos_token_id” names token 4096, but the model knows 4096 tokens only, from 0 on (config.json)',
    ]);
  });

  test('texts that cannot end, or end with another token than the tokenizer’s', async () => {
    const rule = 'generation/end-token';
    assert.deepEqual(await withSettings(rule, {}), []);
    assert.deepEqual(await withSettings(rule, { eos_token_id: [7, 0] }), []);
    assert.deepEqual(await withSettings(rule, { eos_token_id: 7 }), [
      'warning: A text ends with token 7 (eos_token_id), but the tokenizer’s end token is 0, “<|endoftext|>” (generation_config.json)',
    ]);
    assert.deepEqual(await withSettings(rule, { suppress_tokens: [0] }), [
      'warning: The token that ends a text, 0, is among those that never come (suppress_tokens) (generation_config.json)',
    ]);
    const folder = copied('headlight-complete');
    unlinkSync(path.join(folder, 'generation_config.json'));
    change(path.join(folder, 'config.json'), { eos_token_id: null });
    assert.deepEqual(await findings(folder, rule), [
      'warning: No token ends a text (eos_token_id): each goes on to its limit (config.json)',
    ]);
  });

  test('models that write nothing need no end', async () => {
    const folder = tinyEncoder();
    change(path.join(folder, 'config.json'), { eos_token_id: 4000 });
    assert.deepEqual(await findings(folder, 'generation/end-token'), []);
    assert.deepEqual(await findings(folder, 'generation/unknown-tokens'), []);
  });

  test('padding that the tokenizer does otherwise, or not at all', async () => {
    const rule = 'generation/pad-token';
    assert.deepEqual(await withSettings(rule, {}), []);
    assert.deepEqual(await withSettings(rule, { pad_token_id: -1 }), []);
    assert.deepEqual(await withSettings(rule, { pad_token_id: 5 }), [
      'note: Texts are filled up with token 5 (pad_token_id), but the tokenizer does it with 0, “<|endoftext|>” (generation_config.json)',
    ]);
    const folder = copied('headlight-complete');
    change(path.join(folder, 'tokenizer_config.json'), { pad_token: null });
    change(path.join(folder, 'generation_config.json'), { pad_token_id: 4099 });
    assert.deepEqual(await findings(folder, rule), [
      'note: Texts are filled up with token 4099 (pad_token_id), which the tokenizer does not have (generation_config.json)',
    ]);
  });

  test('how an output begins and ends by force', async () => {
    const rule = 'generation/forced-tokens';
    const translate = 'headlight-translate-en-zh';
    assert.deepEqual(await withSettings(rule, {}, translate), []);
    assert.deepEqual(await withSettings(rule, { forced_eos_token_id: 1 }, translate), []);
    assert.deepEqual(await withSettings(rule, { forced_eos_token_id: 3 }, translate), [
      'warning: An output that reaches its limit is ended with token 3 (forced_eos_token_id), which is not the end token 1 (eos_token_id) (generation_config.json)',
    ]);
    assert.deepEqual(await withSettings(rule, { forced_bos_token_id: 2 }, translate), [
      'warning: Token 2 is forced to come first (forced_bos_token_id) and forbidden there (suppress_tokens) (generation_config.json)',
    ]);
    const folder = copied(translate);
    change(path.join(folder, 'generation_config.json'), { decoder_start_token_id: null });
    change(path.join(folder, 'config.json'), { decoder_start_token_id: null });
    assert.deepEqual(await findings(folder, rule), [
      'error: No token is named that an output begins with (decoder_start_token_id) (generation_config.json)',
    ]);
  });
});
