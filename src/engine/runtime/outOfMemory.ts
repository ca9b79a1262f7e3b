import { Failure, phrase, type Phrase } from '../../shared/failure';

/** How ONNX Runtime, C++ and JavaScript say it. */
const SAID = /\bbad[_ ]alloc|failed to allocate|allocation failed|out of memory/i;
const SIZE = /requested buffer of size (\d+)/;

/**
 * The failure of a model that had not enough memory; nothing when an error is about something else.
 * @param during loading needs memory for the weights, a run for what is computed of a text as well.
 */
export function outOfMemory(
  error: unknown,
  where: string,
  during: 'load' | 'run',
): Failure | undefined {
  const message = error instanceof Error ? error.message : String(error);
  return SAID.test(message)
    ? new Failure(
        { kind: 'runtime', what: whatOf(message), where, remedy: remedyFor(during) },
        { cause: error },
      )
    : undefined;
}

function whatOf(message: string): Phrase {
  const size = SIZE.exec(message)?.[1];
  return size === undefined
    ? phrase('There is not enough memory for the model')
    : phrase('There is not enough memory: the model asked for {0} more bytes', size);
}

function remedyFor(during: 'load' | 'run'): Phrase {
  return during === 'load'
    ? phrase('close other programs, or use a smaller model or one with quantized weights')
    : phrase('close other programs, or use a shorter text or a smaller model');
}
