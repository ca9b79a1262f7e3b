import { phrase } from '../../shared/failure';
import { folderRule } from './folderRule';
import type { Found } from './rule';
import { writer } from './textGraphs';
import { tokenSetting } from './tokenSettings';
import { knownTokens } from './vocabularies';

/** Settings of `generate` that name tokens. */
const SETTINGS = [
  ...['bos_token_id', 'eos_token_id', 'pad_token_id', 'decoder_start_token_id'],
  ...['forced_bos_token_id', 'forced_eos_token_id', 'suppress_tokens', 'begin_suppress_tokens'],
];

/** Tokens that the settings of `generate` name and the model does not have. */
export const generationTokens = folderRule({
  id: 'generation/unknown-tokens',
  check(model, folder): Found[] {
    const known = knownTokens(model);
    if (writer(model) === undefined || known === undefined) {
      return [];
    }
    return SETTINGS.flatMap((name) => {
      const setting = tokenSetting(folder, name);
      const foreign = setting?.ids.find((id) => id >= known);
      return setting === undefined || foreign === undefined
        ? []
        : [
            {
              severity: 'error' as const,
              message: phrase(
                '“{0}” names token {1}, but the model knows {2} tokens only, from 0 on',
                name,
                foreign,
                known,
              ),
              remedy: phrase('correct it, or take the file that belongs to the model'),
              place: { file: setting.file },
            },
          ];
    });
  },
});
