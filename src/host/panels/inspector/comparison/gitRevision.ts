import * as vscode from 'vscode';

/** What is used of the API of VS Code's own Git extension (its `api/git.d.ts`, version 1). */
interface GitExtension {
  getAPI(version: 1): GitApi;
}

interface GitApi {
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
  getRepository(uri: vscode.Uri): GitRepository | null;
  openRepository(root: vscode.Uri): Promise<GitRepository | null>;
}

interface GitRepository {
  readonly state: {
    readonly HEAD: { readonly commit?: string; readonly name?: string } | undefined;
  };
  getObjectDetails(treeish: string, path: string): Promise<{ size: number }>;
}

/** A file as it was committed last. */
export interface Committed {
  /** Where the workbench reads it from. */
  uri: vscode.Uri;
  /** The first letters of the commit. */
  commit: string;
}

const LETTERS = 8;

/** A file as it is in the last commit; undefined where there is no Git, or the commit has no such file. */
export async function committed(file: vscode.Uri): Promise<Committed | undefined> {
  try {
    const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
    const api = (await extension?.activate())?.getAPI(1);
    const repository = api && ((await openedRepository(api, file)) ?? undefined);
    const commit = repository?.state.HEAD?.commit;
    if (api === undefined || repository === undefined || commit === undefined) {
      return undefined;
    }
    await repository.getObjectDetails('HEAD', file.fsPath);
    return { uri: api.toGitUri(file, 'HEAD'), commit: commit.slice(0, LETTERS) };
  } catch {
    // Git is switched off, or the file is new.
    return undefined;
  }
}

/** The repository of a file. Of folders that are open, it may not have been found yet. */
async function openedRepository(api: GitApi, file: vscode.Uri): Promise<GitRepository | null> {
  const folder = vscode.workspace.getWorkspaceFolder(file);
  const known = api.getRepository(file);
  return known !== null || folder === undefined ? known : api.openRepository(folder.uri);
}

/** The file of the working tree that a URI of the Git extension is a revision of. */
export function fileOfRevision({ scheme, query, path }: vscode.Uri): vscode.Uri | undefined {
  if (scheme !== 'git') {
    return undefined;
  }
  try {
    const named: unknown = JSON.parse(query);
    const known =
      typeof named === 'object' && named !== null && 'path' in named ? named.path : undefined;
    return vscode.Uri.file(typeof known === 'string' ? known : path);
  } catch {
    return vscode.Uri.file(path);
  }
}
