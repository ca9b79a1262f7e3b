import path from 'node:path';
import type { Task } from '../shared/modelSummary';

const FOLDERS: Record<Task, string> = {
  complete: 'headlight-complete',
  translate: 'headlight-translate-en-zh',
  summarize: 'headlight-summarize',
  fillMask: 'headlight-fill-mask',
};

/**
 * Folder of the model that Headlight brings for a task.
 * @param root  the folder that package.json lies in
 */
export function bundledModel(root: string, task: Task): string {
  return path.join(root, 'models', FOLDERS[task]);
}
