import { phrase } from '../../shared/failure';
import { folderRule } from './folderRule';
import type { Found } from './rule';
import { writer } from './textGraphs';
import { tokenSetting } from './tokenSettings';

/** The token that fills up shorter texts: one that the tokenizer has, and the same that it uses. */
export const padToken = folderRule({
  id: 'generation/pad-token',
  check(model, folder, work): Found[] {
    const setting = tokenSetting(folder, 'pad_token_id');
    const [id] = setting?.ids ?? [];
    const { tokenizer } = folder;
    if (writer(model) === undefined || setting === undefined || id === undefined) {
      return [];
    }
    if (tokenizer === undefined) {
      work.skip(phrase('There is no tokenizer to compare with'));
      return [];
    }
    const place = { file: setting.file };
    if (tokenizer.pad !== undefined && tokenizer.pad !== id) {
      return [
        {
          severity: 'note',
          message: phrase(
            'Texts are filled up with token {0} (pad_token_id), but the tokenizer does it with {1}, “{2}”',
            id,
            tokenizer.pad,
            tokenizer.piece(tokenizer.pad),
          ),
          remedy: phrase('set both to the same token, since masks are made of it'),
          place,
        },
      ];
    }
    return tokenizer.piece(id) === ''
      ? [
          {
            severity: 'note',
            message: phrase(
              'Texts are filled up with token {0} (pad_token_id), which the tokenizer does not have',
              id,
            ),
            remedy: phrase('name a token of the tokenizer, such as its end token'),
            place,
          },
        ]
      : [];
  },
});
