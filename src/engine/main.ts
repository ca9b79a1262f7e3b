import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
  type CancellationToken,
} from 'vscode-jsonrpc/node';
import type { EngineActivity } from '../shared/engineApi';
import { engineProtocol, HEARTBEAT_MS, type EngineCall } from '../shared/engineProtocol';
import { asFailure } from '../shared/failure';
import { endWithParent } from './endWithParent';
import { createEngine } from './engine';
import { parseParams, type EngineMethod } from './params';
import { onLoad } from './runtime/loading';

/** JSON-RPC wants a code; the failure itself travels as the error's data. */
const FAILURE = 1;

/*
 * The engine process: serves EngineApi over the channel to the process that forked it, and ends
 * with it.
 */
const connection = createMessageConnection(
  new IPCMessageReader(process),
  new IPCMessageWriter(process),
);
const announce = (activity: EngineActivity): void => {
  void connection.sendNotification(engineProtocol.activity, activity);
};
onLoad((load) => {
  void connection.sendNotification(engineProtocol.load, load);
});
/** The process that forked this one says where it lies: the folder of package.json. */
const [, , root = ''] = process.argv;
const engine = createEngine(root, announce);

for (const method of Object.keys(engine) as EngineMethod[]) {
  connection.onRequest(method, (call: EngineCall, token: CancellationToken) =>
    serve(method, call, token),
  );
}

async function serve(
  method: EngineMethod,
  { params, progress }: EngineCall,
  token: CancellationToken,
): Promise<unknown> {
  const cancellation = new AbortController();
  const listener = token.onCancellationRequested(() => cancellation.abort());
  try {
    return await engine[method](parseParams(method, params) as never, {
      signal: cancellation.signal,
      report: (value: unknown) => {
        void connection.sendNotification(engineProtocol.progress, { progress, value });
      },
    });
  } catch (error) {
    const failure = asFailure(error);
    return new ResponseError(FAILURE, failure.message, failure.data);
  } finally {
    listener.dispose();
  }
}

setInterval(() => {
  void connection.sendNotification(engineProtocol.heartbeat);
}, HEARTBEAT_MS).unref();
process.on('disconnect', () => process.exit());
// Ctrl+C reaches every process of a terminal; what it means is said by the one that forked this.
process.on('SIGINT', () => undefined);
connection.listen();
announce({ state: 'idle' });
endWithParent();
