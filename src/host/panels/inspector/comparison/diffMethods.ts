import * as path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { Failure, phrase } from '../../../../shared/failure';
import type {
  Counterpart,
  InspectorHost,
  InspectorProgress,
  ShownDiff,
} from '../../../../shared/inspector';
import type { ModelDiff } from '../../../../shared/modelDiff';
import { diffLead, replacedWords, unchangedWords } from '../../../../wording/inspector/diffWords';
import { diffMarkdown } from '../../../../wording/inspector/diffMarkdown';
import type { EngineClient } from '../../../engine/engineClient';
import { pickModel } from '../../../commands/pickModel';
import { translate } from '../../../messages';
import type { ViewMethods } from '../../viewChannel';
import { READ_CHARACTERS, selectedText } from '../selectedText';
import { fileCounterpart, nearbyCounterparts, type OpenableCounterpart } from './counterparts';

type DiffMethods = Pick<
  ViewMethods<InspectorHost, InspectorProgress>,
  'counterparts' | 'chooseCounterpart' | 'selectedText' | 'diff' | 'copyDiff'
>;

/** Compares the model that is inspected with others. It reads those alone that were offered or chosen. */
export class Comparisons {
  private readonly known = new Map<string, OpenableCounterpart>();
  private last: { diff: ModelDiff; names: { a: string; b: string } } | undefined;

  /** @param uri the file or folder that is inspected. */
  constructor(
    private readonly engine: EngineClient,
    private readonly uri: vscode.Uri,
  ) {}

  /** A file or folder that somebody chose to compare with. */
  async offer({ fsPath }: vscode.Uri): Promise<Counterpart> {
    return this.know(await fileCounterpart(fsPath, path.dirname(this.uri.fsPath)));
  }

  get methods(): DiffMethods {
    return {
      counterparts: {
        params: v.undefined(),
        run: async () => (await nearbyCounterparts(this.uri)).map((found) => this.know(found)),
      },
      chooseCounterpart: {
        params: v.undefined(),
        run: async () => {
          const chosen = await pickModel(vscode.l10n.t('Compare with which model?'));
          return chosen && this.offer(chosen);
        },
      },
      selectedText: { params: v.undefined(), run: () => selectedText() },
      diff: {
        params: v.object({
          counterpart: v.string(),
          isSwapped: v.boolean(),
          text: v.exactOptional(v.pipe(v.string(), v.maxLength(READ_CHARACTERS))),
        }),
        run: ({ counterpart, ...request }, call) =>
          this.compare(this.known.get(counterpart), request, call),
      },
      copyDiff: {
        params: v.undefined(),
        run: async () => {
          if (this.last !== undefined) {
            const { diff, names } = this.last;
            await vscode.env.clipboard.writeText(diffMarkdown(diff, names, translate));
          }
        },
      },
    };
  }

  private know(found: OpenableCounterpart): Counterpart {
    this.known.set(found.about.id, found);
    return found.about;
  }

  private async compare(
    counterpart: OpenableCounterpart | undefined,
    { isSwapped, text }: { isSwapped: boolean; text?: string },
    call: Parameters<DiffMethods['diff']['run']>[1],
  ): Promise<ShownDiff> {
    if (counterpart === undefined) {
      throw new Failure({
        kind: 'gone',
        what: phrase('The model to compare with is not known any more'),
        remedy: phrase('choose it again'),
      });
    }
    const { isTrusted } = vscode.workspace;
    const other = await counterpart.open();
    try {
      const own = this.uri.fsPath;
      const [a, b] = isSwapped ? [other.path, own] : [own, other.path];
      const run = isTrusted ? { run: text === undefined ? {} : { text } } : {};
      const found = await this.engine.call('diff', { a, b, ...run }, call);
      const diff = isTrusted ? found : { ...found, behaviour: UNTRUSTED };
      const [mine, name] = [path.basename(own), counterpart.about.name];
      const names = isSwapped ? { a: name, b: mine } : { a: mine, b: name };
      this.last = { diff, names };
      return {
        diff,
        lead: diffLead(diff).map(translate),
        graphs: diff.graphs.map((graph) => ({
          replaced: replacedWords(graph).map(translate),
          unchanged: unchangedWords(graph).map(translate),
        })),
      };
    } finally {
      await other.dispose();
    }
  }
}

const UNTRUSTED = {
  lacking: {
    kind: 'unsupported' as const,
    what: phrase('Models are run in trusted workspaces alone'),
    remedy: phrase('trust the workspace to compare what both make of a text'),
  },
};
