import path from 'node:path';

/** Tasks that Headlight brings a model for. */
export type BundledTask = keyof typeof FOLDERS;

const FOLDERS = { complete: 'headlight-complete' } as const;

/**
 * Folder of the model that Headlight brings for a task.
 * @param root  the folder that package.json lies in
 */
export function bundledModel(root: string, task: BundledTask): string {
  return path.join(root, 'models', FOLDERS[task]);
}
