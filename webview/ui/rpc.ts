import { asFailure, Failure, phrase, type FailureData } from '../../src/shared/failure';
import type { Implementation, Remote, RemoteOptions, WebviewMessage } from '../../src/shared/rpc';

/** What a {@link connect}ion needs of the world around it. */
export interface Wire {
  post: (message: WebviewMessage) => void;
  /** Tells developers about a message that fits nothing. */
  warn: (message: string) => void;
  /** Milliseconds after which a call without an answer or news of its progress fails. */
  patience: number;
  /** What such a call fails with. */
  noAnswer: FailureData;
}

/** A webview's end of the line to its host. */
export interface Connection<Host, Progress = object> {
  host: Remote<Host, Progress>;
  /** Takes in everything that arrives from the host. */
  receive: (message: unknown) => void;
}

/**
 * Calls the methods of `Host` over a wire and serves those of `view`. Every call ends: with a value,
 * with the host's {@link Failure}, with `noAnswer`, or at once when its caller ends it. Every message is
 * dealt with: calls are always answered, and what is no answer to anything is reported by `warn`.
 *
 * @param view the served methods, as properties of its own
 */
export function connect<Host, View extends object, Progress = object>(
  wire: Wire,
  view: Implementation<View>,
): Connection<Host, Progress> {
  const calls = new Map<number, PendingCall>();
  /** Calls that their caller has ended, and whose answers are still to come. */
  const cancelled = new Set<number>();
  let lastId = 0;

  function call(
    method: string,
    params: unknown,
    { signal, onProgress }: RemoteOptions<unknown> = {},
  ): Promise<unknown> {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const end = (): void => {
        calls.delete(id);
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      };
      const fail = (reason: Error): void => {
        end();
        reject(reason);
      };
      const cancel = (): void => {
        cancelled.add(id);
        wire.post({ kind: 'cancel', id });
        fail(signal?.reason as Error);
      };
      const wait = (): ReturnType<typeof setTimeout> =>
        setTimeout(() => fail(new Failure({ ...wire.noAnswer, where: method })), wire.patience);
      let timer = wait();
      signal?.addEventListener('abort', cancel);
      calls.set(id, {
        reject: fail,
        resolve(value) {
          end();
          resolve(value);
        },
        hear(progress) {
          clearTimeout(timer);
          timer = wait();
          onProgress?.(progress);
        },
      });
      wire.post({ kind: 'call', id, method, params });
    });
  }

  function settle(id: number, use: (call: PendingCall) => void): void {
    const pending = calls.get(id);
    if (pending !== undefined) {
      use(pending);
    } else if (!cancelled.delete(id)) {
      wire.warn(`An answer came to call ${id}, which is over or was never made`);
    }
  }

  async function serve(id: number, method: string, params: unknown): Promise<void> {
    try {
      wire.post({ kind: 'answer', id, value: await run(view, method, params) });
    } catch (error) {
      wire.post({ kind: 'failure', id, failure: asFailure(error).data });
    }
  }

  return {
    host: remote<Host, Progress>(call),
    receive(message) {
      if (!isMessage(message)) {
        wire.warn('A message came that is neither a call nor an answer');
      } else if (message.kind === 'call') {
        void serve(message.id, message.method, message.params);
      } else if (message.kind === 'progress') {
        // Of a call that is over, it matters no more.
        calls.get(message.id)?.hear(message.value);
      } else if (message.kind === 'answer') {
        settle(message.id, ({ resolve }) => resolve(message.value));
      } else {
        settle(message.id, ({ reject }) => reject(new Failure(message.failure)));
      }
    },
  };
}

interface PendingCall {
  resolve: (value: unknown) => void;
  reject: (failure: Failure) => void;
  hear: (progress: unknown) => void;
}

function remote<Host, Progress>(
  call: (method: string, params: unknown, options?: RemoteOptions<unknown>) => Promise<unknown>,
): Remote<Host, Progress> {
  return new Proxy(
    {},
    {
      // Symbols and `then` are asked for by the language itself, when the object is awaited or shown.
      get: (_, method) =>
        typeof method === 'symbol' || method === 'then'
          ? undefined
          : (params?: unknown, options?: RemoteOptions<unknown>) => call(method, params, options),
    },
  ) as Remote<Host, Progress>;
}

function run(view: object, method: string, params: unknown): unknown {
  const served: unknown = Object.hasOwn(view, method) ? Reflect.get(view, method) : undefined;
  if (typeof served !== 'function') {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The view does not know the method “{0}”', method),
      remedy: phrase('reload the window'),
    });
  }
  return Reflect.apply(served, view, [params]);
}

/** What the host may send: it cancels nothing. */
function isMessage(message: unknown): message is Exclude<WebviewMessage, { kind: 'cancel' }> {
  if (!isRecord(message) || typeof message['id'] !== 'number') {
    return false;
  }
  switch (message['kind']) {
    case 'call':
      return typeof message['method'] === 'string';
    case 'answer':
    case 'progress':
      return true;
    case 'failure':
      return isFailureData(message['failure']);
    default:
      return false;
  }
}

function isFailureData(failure: unknown): failure is FailureData {
  return (
    isRecord(failure) &&
    typeof failure['kind'] === 'string' &&
    isPhrase(failure['what']) &&
    isPhrase(failure['remedy'])
  );
}

function isPhrase(sentence: unknown): boolean {
  return (
    isRecord(sentence) && typeof sentence['text'] === 'string' && Array.isArray(sentence['args'])
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
