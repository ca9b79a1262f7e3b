import { Failure, phrase, type Phrase } from '../../shared/failure';

/** What ONNX Runtime says in one kind of situation, and what helps there. */
interface Advice {
  says: RegExp;
  remedy: Phrase;
}

const OTHER_LENGTH = phrase('export the model for texts of any length');

/** The first one that fits, of models that cannot be loaded. */
const LOADING: readonly Advice[] = [
  {
    says: /protobuf parsing failed|does not have a graph/i,
    remedy: phrase('the file is damaged or not an ONNX model; download or export it again'),
  },
  {
    says: /No Op registered|No opset import|not a registered function/i,
    remedy: phrase('export the model with the operators of ONNX and ONNX Runtime alone'),
  },
  {
    says: /Could not find an implementation|not[ _]implemented/i,
    remedy: phrase('use another file of the model, such as the one in float32'),
  },
  {
    says: /Unsupported model IR version|\*?guarantees\*? support|under development/i,
    remedy: phrase('export the model for an older version of ONNX’s operators'),
  },
  {
    says: /external data|doesn't exist|no such file/i,
    remedy: phrase('put the files with the model’s weights beside its .onnx file'),
  },
  {
    says: /invalid model|Type Error|ShapeInference|Fail to load|type inference/i,
    remedy: phrase('export the model again: its graph contradicts itself'),
  },
];

/** The first one that fits, of runs that fail. */
const RUNNING: readonly Advice[] = [
  {
    says: /Unexpected input data type|Invalid rank for input|missing in 'feeds'|Missing Input|Invalid (Feed )?Input Name/i,
    remedy: phrase('export the model with Optimum or for Transformers.js'),
  },
  { says: /invalid dimensions for input/i, remedy: OTHER_LENGTH },
  {
    // Of a table of positions, or of one of words.
    says: /out of data bounds/i,
    remedy: phrase('try a shorter text; if that fails too, the tokenizer is another model’s'),
  },
  {
    // What a table of positions or a mask of fixed size gives, when a text is longer.
    says: /Broadcast|broadcast|Reshape|shape mismatch|[Dd]imension/,
    remedy: phrase('try a shorter text, or export the model for texts of any length'),
  },
];

const ELSE = phrase('use another file of the model; if none runs, report it with the log');

/** The failure of a model that ONNX Runtime refuses to load, with what helps against its reason. */
export function loadFailure(error: unknown, where: string): Failure {
  const reason = reasonOf(error);
  return new Failure(
    {
      kind: 'runtime',
      what: phrase('ONNX Runtime cannot load the model: {0}', reason),
      where,
      remedy: adviceFor(reason, LOADING),
    },
    { cause: error },
  );
}

/** The failure of a run that ONNX Runtime ended, with what helps against its reason. */
export function runFailure(error: unknown, where: string): Failure {
  const reason = reasonOf(error);
  return new Failure(
    {
      kind: 'runtime',
      what: phrase('ONNX Runtime stopped with an error: {0}', reason),
      where,
      remedy: adviceFor(reason, RUNNING),
    },
    { cause: error },
  );
}

/**
 * The shape [batch, heads, queries, keys] of attention maps for which a tapped graph's `Scan` was not
 * made, out of what ONNX Runtime says of it: the figures in it are of one batch, and sum up queries.
 */
export function refusedMaps(error: unknown): number[] | undefined {
  const reason = error instanceof Failure ? reasonOf(error.cause) : '';
  const [, dims] =
    /Scan node\..*output\{1,-1,1,-1\} is not compatible with \{(\d+(?:,\d+){3})\}/.exec(reason) ??
    [];
  return dims?.split(',').map(Number);
}

function adviceFor(reason: string, list: readonly Advice[]): Phrase {
  return list.find(({ says }) => says.test(reason))?.remedy ?? ELSE;
}

/** Characters of a reason at most: names in a graph have no limit. */
const LONGEST = 400;

/**
 * What a message of ONNX Runtime says, on one line: without the stack trace behind it, and without the
 * place in C++ in front, which is a file, a line and the signature of a function.
 */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.slice(0, 10 * LONGEST).split('\n');
  const end = lines.findIndex((line) => /^\s*(Stack ?trace|#\d|at )/i.test(line));
  const reason = withoutPlace(lines.slice(0, end < 0 ? lines.length : end).join(' '))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return reason.length > LONGEST ? `${reason.slice(0, LONGEST - 1)}…` : reason;
}

function withoutPlace(message: string): string {
  const place = /\S*onnxruntime_src\S+:\d+ /.exec(message);
  if (place === null) {
    return message;
  }
  let depth = 0;
  for (let at = message.indexOf('(', place.index); at >= 0 && at < message.length; at++) {
    depth += message[at] === '(' ? 1 : message[at] === ')' ? -1 : 0;
    if (depth === 0) {
      return message.slice(0, place.index) + message.slice(at + 1).trimStart();
    }
  }
  return message;
}
