import { phrase } from '../../src/shared/failure';
import type { Remote, Implementation } from '../../src/shared/rpc';
import { connect } from './rpc';

/** The extension host as a view sees it. */
export interface HostConnection<Host, Progress = object> {
  host: Remote<Host, Progress>;
  /** What the view last remembered; outlives the page while its view is hidden. */
  recall: () => unknown;
  remember: (state: unknown) => void;
}

/**
 * Opens the line to the extension host. A page can do so once.
 * @param patienceSeconds after which a call without an answer or news of its progress fails.
 */
export function connectToHost<Host, View extends object, Progress = object>(
  view: Implementation<View>,
  patienceSeconds = 30,
): HostConnection<Host, Progress> {
  const vscode = acquireVsCodeApi();
  const { host, receive } = connect<Host, View, Progress>(
    {
      post: (message) => vscode.postMessage(message),
      warn: (message) => reportError(new Error(message)),
      patience: patienceSeconds * 1000,
      noAnswer: {
        kind: 'engine',
        what: phrase('Headlight did not answer within {0} seconds', patienceSeconds),
        remedy: phrase('try again, or reload the window'),
      },
    },
    view,
  );
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(data));
  return {
    host,
    recall: () => vscode.getState(),
    remember: (state) => vscode.setState(state),
  };
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};
