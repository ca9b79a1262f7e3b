import { phrase } from '../../shared/failure';
import { folderRule } from './folderRule';
import type { Found } from './rule';
import { writer } from './textGraphs';
import { inFolder, tokenSetting } from './tokenSettings';

/**
 * Whether texts can end: by a token that the settings of `generate` name, that is the one the tokenizer
 * knows as the end, and that is not suppressed. A model that misses its end goes on to its limit.
 */
export const endTokens = folderRule({
  id: 'generation/end-token',
  check(model, folder): Found[] {
    if (writer(model) === undefined || folder.config === undefined) {
      return [];
    }
    const setting = tokenSetting(folder, 'eos_token_id');
    const own = folder.tokenizer?.end;
    const place = {
      file:
        setting?.file ??
        inFolder(
          folder.folder,
          folder.generation === undefined ? 'config.json' : 'generation_config.json',
        ),
    };
    if (setting === undefined) {
      return [
        {
          severity: 'warning',
          message: phrase('No token ends a text (eos_token_id): each goes on to its limit'),
          remedy:
            own === undefined
              ? phrase('set eos_token_id to the token that ended the texts in training')
              : phrase('set eos_token_id to {0}, the end token of the tokenizer', own),
          place,
        },
      ];
    }
    const found: Found[] = [];
    if (own !== undefined && !setting.ids.includes(own)) {
      found.push({
        severity: 'warning',
        message: phrase(
          'A text ends with token {0} (eos_token_id), but the tokenizer’s end token is {1}, “{2}”',
          setting.ids.join(', '),
          own,
          folder.tokenizer?.piece(own) ?? '',
        ),
        remedy: phrase('name both in eos_token_id, or correct the one that is wrong'),
        place,
      });
    }
    const suppressed = tokenSetting(folder, 'suppress_tokens');
    if (suppressed !== undefined && setting.ids.every((id) => suppressed.ids.includes(id))) {
      found.push({
        severity: 'warning',
        message: phrase(
          'The token that ends a text, {0}, is among those that never come (suppress_tokens)',
          setting.ids.join(', '),
        ),
        remedy: phrase('take it out of suppress_tokens'),
        place: { file: suppressed.file },
      });
    }
    return found;
  },
});
