import * as v from 'valibot';
import type * as vscode from 'vscode';
import { asFailure, Failure, phrase } from '../../shared/failure';
import type { Answer, Params, Remote, WebviewMessage } from '../../shared/rpc';
import { translateFailure } from '../messages';

/** A method that a view may call: what it accepts, and what it does. */
export interface ViewMethod<T, K extends keyof T> {
  params: v.GenericSchema<unknown, Params<T, K>>;
  run(params: Params<T, K>): Answer<T, K> | Promise<Answer<T, K>>;
}

export type ViewMethods<T> = { [K in keyof T & string]: ViewMethod<T, K> };

const incoming = v.variant('kind', [
  v.object({
    kind: v.literal('call'),
    id: v.number(),
    method: v.string(),
    params: v.optional(v.unknown()),
  }),
  v.object({ kind: v.literal('answer'), id: v.number(), value: v.optional(v.unknown()) }),
  v.object({
    kind: v.literal('failure'),
    id: v.number(),
    failure: v.object({ what: v.object({ text: v.string() }) }),
  }),
]);

/**
 * The host's end of the channel to a view: serves the methods of `Host` and calls those of `View`. Every
 * call is answered with a value or a failure; anything that is no valid message is logged.
 */
export class ViewChannel<Host, View> implements vscode.Disposable {
  private readonly listener: vscode.Disposable;
  private nextId = 0;

  constructor(
    private readonly webview: vscode.Webview,
    private readonly methods: ViewMethods<Host>,
    private readonly log: { error(message: string): void },
  ) {
    this.listener = webview.onDidReceiveMessage((message) => this.receive(message));
  }

  /** Calls a method of the view. A failure is logged: nobody could do more about it. */
  tell<K extends keyof View & string>(method: K, ...params: Parameters<Remote<View>[K]>): void {
    this.post({ kind: 'call', id: this.nextId++, method, params: params[0] });
  }

  dispose(): void {
    this.listener.dispose();
  }

  private post(message: WebviewMessage): void {
    void this.webview.postMessage(message);
  }

  private async receive(message: unknown): Promise<void> {
    const parsed = v.safeParse(incoming, message);
    if (!parsed.success) {
      this.log.error(`a view sent what is no message: ${parsed.issues[0].message}`);
      return;
    }
    const { output } = parsed;
    if (output.kind === 'failure') {
      this.log.error(`a view failed: ${output.failure.what.text}`);
    } else if (output.kind === 'call') {
      const { id, method, params } = output;
      try {
        this.post({ kind: 'answer', id, value: await this.dispatch(method, params) });
      } catch (error) {
        // What the host says leaves it translated; a view translates the sentences of its own code.
        this.post({ kind: 'failure', id, failure: translateFailure(asFailure(error)) });
      }
    }
  }

  private async dispatch(name: string, params: unknown): Promise<unknown> {
    if (!Object.hasOwn(this.methods, name)) {
      throw invalid(name);
    }
    const method = this.methods[name as keyof Host & string];
    const parsed = v.safeParse(method.params, params);
    if (!parsed.success) {
      throw invalid(`${name}: ${parsed.issues[0].message}`);
    }
    return method.run(parsed.output);
  }
}

function invalid(where: string): Failure {
  return new Failure({
    kind: 'input',
    what: phrase('The view asked for something that Headlight cannot do'),
    where,
    remedy: phrase('close the view and open it again'),
  });
}
