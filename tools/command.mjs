import { stopAll, stopWithChildren } from './processes.mjs';

/**
 * Runs a script's body. Whatever happens, the processes that it started end with it, and an error
 * shows as its message: what the reader needs stands there, not in a stack of this folder.
 *
 * @param {() => Promise<number | void>} body answers the exit status, 0 when it answers nothing
 */
export async function command(body) {
  // ONNX Runtime's telemetry: what a script starts is as private as Headlight itself.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  stopWithChildren();
  let status;
  try {
    status = (await body()) ?? 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    status = 1;
  }
  await stopAll();
  process.exitCode = status;
}
