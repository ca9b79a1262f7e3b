import { phrase } from '../../shared/failure';
import { folderRule } from './folderRule';
import type { CheckedFolder, Found } from './rule';
import { writer } from './textGraphs';
import { inFolder, tokenSetting } from './tokenSettings';

/**
 * How an output begins and ends by force: a decoder beside an encoder needs a token to start from, a
 * token that is forced must not be forbidden, and one that is forced at the end must be an end.
 */
export const startAndForcedTokens = folderRule({
  id: 'generation/forced-tokens',
  check(model, folder): Found[] {
    const graph = writer(model);
    if (graph === undefined || folder.config === undefined) {
      return [];
    }
    return [
      ...(graph.role === 'decoder' ? start(folder) : []),
      ...forbiddenAtBegin(folder),
      ...forcedEnd(folder),
    ];
  },
});

function start(folder: CheckedFolder): Found[] {
  const isTold = ['decoder_start_token_id', 'bos_token_id'].some(
    (name) => tokenSetting(folder, name) !== undefined,
  );
  return isTold
    ? []
    : [
        {
          severity: 'error',
          message: phrase('No token is named that an output begins with (decoder_start_token_id)'),
          remedy: phrase('set decoder_start_token_id as the model’s publisher gives it'),
          place: {
            file: inFolder(
              folder.folder,
              folder.generation === undefined ? 'config.json' : 'generation_config.json',
            ),
          },
        },
      ];
}

function forbiddenAtBegin(folder: CheckedFolder): Found[] {
  const forced = tokenSetting(folder, 'forced_bos_token_id');
  return ['suppress_tokens', 'begin_suppress_tokens'].flatMap((name) => {
    const suppressed = tokenSetting(folder, name);
    const both = forced?.ids.find((id) => suppressed?.ids.includes(id) === true);
    return both === undefined || suppressed === undefined
      ? []
      : [
          {
            severity: 'warning' as const,
            message: phrase(
              'Token {0} is forced to come first (forced_bos_token_id) and forbidden there ({1})',
              both,
              name,
            ),
            remedy: phrase('take it out of one of the two'),
            place: { file: suppressed.file },
          },
        ];
  });
}

function forcedEnd(folder: CheckedFolder): Found[] {
  const forced = tokenSetting(folder, 'forced_eos_token_id');
  const end = tokenSetting(folder, 'eos_token_id');
  return forced === undefined || end === undefined || forced.ids.some((id) => end.ids.includes(id))
    ? []
    : [
        {
          severity: 'warning',
          message: phrase(
            'An output that reaches its limit is ended with token {0} (forced_eos_token_id), which is not the end token {1} (eos_token_id)',
            forced.ids.join(', '),
            end.ids.join(', '),
          ),
          remedy: phrase('set both to the same token'),
          place: { file: forced.file },
        },
      ];
}
