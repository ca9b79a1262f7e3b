import type { CallContext, Engine } from '../engine/engine';
import { Failure, phrase } from '../shared/failure';
import type { StoredTensor, TensorId, TensorListing } from '../shared/tensorListing';
import { DONE, FAILED, STOPPED, type ExitStatus } from './exitStatus';
import { withShellAdvice } from './shellAdvice';
import { joinLines } from './show';
import { sorted, statisticsLines, tensorLines, type TensorRow } from './showTensors';
import { noProgress, toJsonLine, type Terminal } from './terminal';
import type { InvocationOf } from './usage';

/** Lists the tensors of a path, or tells of one what its numbers are. */
export async function tensors(
  engine: Engine,
  invocation: InvocationOf<'tensors'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const { path, name } = invocation;
  const listing = await engine.tensors({ path }, noProgress());
  const signal = terminal.interruptible();
  try {
    return name === undefined
      ? await list(engine, listing, invocation, { terminal, signal })
      : await one(engine, found(listing, name, path), invocation, { terminal, signal });
  } catch (error) {
    if (signal.aborted) {
      terminal.note('stopped');
      return STOPPED;
    }
    throw error;
  }
}

/** Where a command writes, and what stops it. */
interface Surroundings {
  terminal: Terminal;
  signal: AbortSignal;
}

async function list(
  engine: Engine,
  listing: TensorListing,
  { path, sort, stats, json }: InvocationOf<'tensors'>,
  { terminal, signal }: Surroundings,
): Promise<ExitStatus> {
  const rows: TensorRow[] = [];
  const failures: Failure[] = listing.unread.map(({ failure }) => new Failure(failure));
  for (const tensor of sorted(listing.tensors, sort)) {
    try {
      const params = { tensor: idOf(path, tensor) };
      rows.push(
        stats
          ? { tensor, statistics: await engine.tensorStatistics(params, quiet(signal)) }
          : { tensor },
      );
    } catch (error) {
      if (!(error instanceof Failure) || signal.aborted) {
        throw error;
      }
      rows.push({ tensor });
      // Texts are no numbers, which is no fault of the file.
      failures.push(...(error.kind === 'unsupported' ? [] : [error]));
    }
  }
  terminal.out(
    json
      ? toJsonLine({
          tensors: rows.map(({ tensor, statistics }) => ({
            ...tensor,
            ...(statistics === undefined ? {} : { statistics }),
          })),
          unread: listing.unread,
        })
      : joinLines(tensorLines(rows, listing, stats)),
  );
  for (const failure of failures) {
    terminal.note(withShellAdvice(failure).message);
  }
  return failures.length === 0 ? DONE : FAILED;
}

async function one(
  engine: Engine,
  tensor: StoredTensor,
  { path, stats, npy, force, json }: InvocationOf<'tensors'>,
  { terminal, signal }: Surroundings,
): Promise<ExitStatus> {
  const params = { tensor: idOf(path, tensor) };
  if (npy !== undefined) {
    const saved = await engine.saveTensor(
      { ...params, target: npy, replace: force },
      quiet(signal),
    );
    terminal.out(json ? toJsonLine(saved) : `${saved.file}\n`);
    return DONE;
  }
  if (stats) {
    const statistics = await engine.tensorStatistics(params, quiet(signal));
    terminal.out(
      json ? toJsonLine({ ...tensor, statistics }) : joinLines(statisticsLines(tensor, statistics)),
    );
    return DONE;
  }
  const { text } = await engine.tensorText({ ...params, threshold: THRESHOLD }, quiet(signal));
  terminal.out(json ? toJsonLine({ ...tensor, text }) : `${text}\n`);
  return DONE;
}

/** Elements of an array that is written whole, as NumPy has it. */
const THRESHOLD = 1000;

function quiet<K extends 'tensorStatistics' | 'tensorText' | 'saveTensor'>(
  signal: AbortSignal,
): CallContext<K> {
  return { signal, report: () => undefined };
}

/**
 * The tensor with a name of its own or of `transformers`.
 * @throws Failure `input` where there is none, or where files have one each
 */
function found({ tensors }: TensorListing, name: string, path: string): StoredTensor {
  const own = tensors.filter((tensor) => tensor.name === name);
  const named = own.length > 0 ? own : tensors.filter((each) => each.parameters.includes(name));
  const original = named.filter(({ copyOf }) => copyOf === undefined);
  const [first] = original.length > 0 ? original : named;
  const files = new Set(named.map(({ file }) => file));
  if (first === undefined) {
    throw new Failure({
      kind: 'input',
      what: phrase('There is no tensor “{0}”', name),
      where: path,
      remedy: phrase('list the tensors to see their names'),
    });
  }
  if (own.length > 0 && files.size > 1) {
    throw new Failure({
      kind: 'input',
      what: phrase('Several files have a tensor “{0}”', name),
      where: [...files].join(', '),
      remedy: phrase('give the path of one of the files'),
    });
  }
  return first;
}

function idOf(path: string, { file, name, occurrence }: StoredTensor): TensorId {
  return { path, file, name, ...(occurrence === undefined ? {} : { occurrence }) };
}
