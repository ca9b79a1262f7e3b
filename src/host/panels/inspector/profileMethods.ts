import * as v from 'valibot';
import * as vscode from 'vscode';
import { Failure, phrase } from '../../../shared/failure';
import type { InspectorHost, InspectorProgress } from '../../../shared/inspector';
import { passLead, passTitle } from '../../../wording/inspector/profileWords';
import type { EngineClient } from '../../engine/engineClient';
import { translate } from '../../messages';
import type { ViewMethods } from '../viewChannel';
import { READ_CHARACTERS } from './selectedText';

/**
 * What the inspector answers about where the time of a model goes.
 * @param path the file or folder that is inspected.
 */
export function profileMethods(
  engine: EngineClient,
  path: string,
): Pick<ViewMethods<InspectorHost, InspectorProgress>, 'profile'> {
  return {
    profile: {
      params: v.object({
        text: v.exactOptional(v.pipe(v.string(), v.maxLength(READ_CHARACTERS))),
      }),
      run: async (params, call) => {
        if (!vscode.workspace.isTrusted) {
          throw new Failure({
            kind: 'unsupported',
            what: phrase('Models are run in trusted workspaces alone'),
            remedy: phrase('trust the workspace to see where the time goes'),
          });
        }
        const profile = await engine.call('profile', { path, ...params }, call);
        return {
          profile,
          passes: profile.passes.map((pass) => ({
            title: translate(passTitle(pass)),
            lead: passLead(pass).map(translate),
          })),
        };
      },
    },
  };
}
