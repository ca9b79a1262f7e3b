import * as path from 'node:path';
import { env, l10n } from 'vscode';
import { byteSize } from '../../../shared/byteSize';
import { Failure, type Phrase } from '../../../shared/failure';
import type { Fact, InspectorState } from '../../../shared/inspector';
import type { ModelAbout } from '../../../shared/modelAbout';
import type { Inspection, ModelOutline } from '../../../shared/modelOutline';
import { factWords, type FactWords } from '../../../wording/inspector/factWords';
import { leadWords } from '../../../wording/inspector/leadWords';
import { explain, translate } from '../../messages';

/** What the engine found in a path, in the user's language. */
export function inspectedState(
  { outlines, unread }: Inspection,
  about: ModelAbout,
  reading: number,
): InspectorState {
  const [outline, ...others] = outlines;
  const unreadParts = unread.map(({ file, failure }) => ({
    name: path.basename(file),
    message: explain(new Failure(failure)),
  }));
  if (outline === undefined || others.length > 0) {
    return {
      kind: 'several',
      models: outlines.map((one) => ({
        file: one.file,
        name: path.basename(one.file),
        description: l10n.t(
          '{0}, {1} parameters',
          byteSize(one.size.file + one.size.external),
          one.parameters.toLocaleString(env.language),
        ),
      })),
      unread: unreadParts,
    };
  }
  const names = new Intl.DisplayNames([env.language], { type: 'language' });
  const languageName = (tag: string): string => names.of(tag) ?? tag;
  return {
    kind: 'model',
    model: {
      reading,
      name: about.name,
      files: filesOf(outline).map((file) => path.relative(about.folder, file)),
      lead: leadWords(about, outline, languageName, env.language).map(translate),
      unread: unreadParts,
      facts: factWords(about, outline, languageName, env.language).map((group) =>
        group.map(factOf),
      ),
      dtypes: outline.dtypes.map(({ dtype, parameters }) => ({
        dtype,
        share: parameters / Math.max(1, outline.parameters),
      })),
      memory: outline.size.memory,
      hasCard: about.card !== undefined,
    },
  };
}

/** Paths of the files that an outline is of. */
export function filesOf({ parts, file }: ModelOutline): string[] {
  return (parts ?? [{ file }]).map((part) => part.file);
}

export function factOf({ label, value, aside, below, isProblem }: FactWords): Fact {
  return {
    label: inLanguage(label),
    value: inLanguage(value),
    ...(aside === undefined ? {} : { aside: inLanguage(aside) }),
    ...(below === undefined ? {} : { below }),
    ...(isProblem === undefined ? {} : { isProblem }),
  };
}

function inLanguage(text: Phrase | string): string {
  return typeof text === 'string' ? text : translate(text);
}
