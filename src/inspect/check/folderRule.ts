import { phrase } from '../../shared/failure';
import type { CheckedFolder, CheckedModel, CheckRule, CheckWork, Found } from './rule';

/** A question about a folder. */
export interface FolderRule {
  id: string;
  /** As that of {@link CheckRule}. */
  check(
    model: CheckedModel,
    folder: CheckedFolder,
    work: CheckWork,
  ): readonly Found[] | Promise<readonly Found[]>;
}

/** Makes a rule of it that says, of a file alone, that it cannot be asked. */
export function folderRule(rule: FolderRule): CheckRule {
  return {
    id: rule.id,
    check(model, work) {
      if (model.folder === undefined) {
        work.skip(phrase('This is about a whole folder, and a file alone was given'));
        return [];
      }
      return rule.check(model, model.folder, work);
    },
  };
}
