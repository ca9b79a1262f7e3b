import { asFailure, Failure, phrase, type FailureData } from '../../src/shared/failure';
import type { Remote, Implementation, WebviewMessage } from '../../src/shared/rpc';

/** What a {@link connect}ion needs of the world around it. */
export interface Wire {
  post: (message: WebviewMessage) => void;
  /** Tells developers about a message that fits nothing. */
  warn: (message: string) => void;
  /** Milliseconds after which a call without an answer fails. */
  patience: number;
  /** What such a call fails with. */
  noAnswer: FailureData;
}

/** A webview's end of the line to its host. */
export interface Connection<Host> {
  host: Remote<Host>;
  /** Takes in everything that arrives from the host. */
  receive: (message: unknown) => void;
}

/**
 * Calls the methods of `Host` over a wire and serves those of `view`. Every call ends: with a value,
 * with the host's {@link Failure}, or with `noAnswer`. Every message is dealt with: calls are always
 * answered, and what is no answer to anything is reported by `warn`.
 *
 * @param view the served methods, as properties of its own
 */
export function connect<Host, View extends object>(
  wire: Wire,
  view: Implementation<View>,
): Connection<Host> {
  const calls = new Map<number, PendingCall>();
  let lastId = 0;

  function call(method: string, params: unknown): Promise<unknown> {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        calls.delete(id);
        reject(new Failure({ ...wire.noAnswer, where: method }));
      }, wire.patience);
      calls.set(id, { resolve, reject, timer });
      wire.post({ kind: 'call', id, method, params });
    });
  }

  function settle(id: number, use: (call: PendingCall) => void): void {
    const pending = calls.get(id);
    if (pending === undefined) {
      wire.warn(`An answer came to call ${id}, which is over or was never made`);
      return;
    }
    calls.delete(id);
    clearTimeout(pending.timer);
    use(pending);
  }

  async function serve(id: number, method: string, params: unknown): Promise<void> {
    try {
      wire.post({ kind: 'answer', id, value: await run(view, method, params) });
    } catch (error) {
      wire.post({ kind: 'failure', id, failure: asFailure(error).data });
    }
  }

  return {
    host: remote<Host>(call),
    receive(message) {
      if (!isMessage(message)) {
        wire.warn('A message came that is neither a call nor an answer');
      } else if (message.kind === 'call') {
        void serve(message.id, message.method, message.params);
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
  timer: ReturnType<typeof setTimeout>;
}

function remote<Host>(call: (method: string, params: unknown) => Promise<unknown>): Remote<Host> {
  return new Proxy(
    {},
    {
      // Symbols and `then` are asked for by the language itself, when the object is awaited or shown.
      get: (_, method) =>
        typeof method === 'symbol' || method === 'then'
          ? undefined
          : (params?: unknown) => call(method, params),
    },
  ) as Remote<Host>;
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

function isMessage(message: unknown): message is WebviewMessage {
  if (!isRecord(message) || typeof message['id'] !== 'number') {
    return false;
  }
  switch (message['kind']) {
    case 'call':
      return typeof message['method'] === 'string';
    case 'answer':
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
