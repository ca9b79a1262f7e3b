import * as v from 'valibot';
import type * as vscode from 'vscode';
import { asFailure, Failure, phrase } from '../../shared/failure';
import type { Answer, Params, ProgressOf, Remote, WebviewMessage } from '../../shared/rpc';
import { translateFailure } from '../messages';

/** What a method has at hand beside its parameter. */
export interface ViewCall<P> {
  /** Set once nobody waits for the answer: the call was cancelled, or the view is gone. */
  signal: AbortSignal;
  /** Tells the view how far it is. */
  onProgress: (progress: P) => void;
}

/** A method that a view may call: what it accepts, and what it does. */
export interface ViewMethod<T, K extends keyof T, Progress = object> {
  params: v.GenericSchema<unknown, Params<T, K>>;
  run(
    params: Params<T, K>,
    call: ViewCall<ProgressOf<Progress, K>>,
  ): Answer<T, K> | Promise<Answer<T, K>>;
}

export type ViewMethods<T, Progress = object> = {
  [K in keyof T & string]: ViewMethod<T, K, Progress>;
};

const incoming = v.variant('kind', [
  v.object({
    kind: v.literal('call'),
    id: v.number(),
    method: v.string(),
    params: v.optional(v.unknown()),
  }),
  v.object({ kind: v.literal('cancel'), id: v.number() }),
  v.object({ kind: v.literal('answer'), id: v.number(), value: v.optional(v.unknown()) }),
  v.object({
    kind: v.literal('failure'),
    id: v.number(),
    failure: v.object({ what: v.object({ text: v.string() }) }),
  }),
]);

type Call = Extract<v.InferOutput<typeof incoming>, { kind: 'call' }>;

/**
 * The host's end of the channel to a view: serves the methods of `Host` and calls those of `View`. Every
 * call is answered with a value or a failure; anything that is no valid message is logged.
 */
export class ViewChannel<Host, View, Progress = object> implements vscode.Disposable {
  private readonly listener: vscode.Disposable;
  /** Calls of the view that go on, by their numbers. */
  private readonly calls = new Map<number, AbortController>();
  private nextId = 0;

  constructor(
    private readonly webview: vscode.Webview,
    private readonly methods: ViewMethods<Host, Progress>,
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
    this.calls.forEach((call) => call.abort());
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
    } else if (output.kind === 'cancel') {
      this.calls.get(output.id)?.abort();
    } else if (output.kind === 'call') {
      await this.answer(output);
    }
  }

  private async answer({ id, method, params }: Call): Promise<void> {
    const ending = new AbortController();
    this.calls.set(id, ending);
    const onProgress = (value: unknown): void => this.post({ kind: 'progress', id, value });
    try {
      const value = await this.dispatch(method, params, { signal: ending.signal, onProgress });
      this.post({ kind: 'answer', id, value });
    } catch (error) {
      // What the host says leaves it translated; a view translates the sentences of its own code.
      this.post({ kind: 'failure', id, failure: translateFailure(asFailure(error)) });
    } finally {
      this.calls.delete(id);
    }
  }

  private async dispatch(name: string, params: unknown, call: ViewCall<unknown>): Promise<unknown> {
    if (!Object.hasOwn(this.methods, name)) {
      throw invalid(name);
    }
    const method = this.methods[name as keyof Host & string];
    const parsed = v.safeParse(method.params, params);
    if (!parsed.success) {
      throw invalid(`${name}: ${parsed.issues[0].message}`);
    }
    return method.run(parsed.output, call);
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
