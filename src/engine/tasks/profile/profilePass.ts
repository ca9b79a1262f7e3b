import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { findAttentionLayers, type AttentionLayer } from '../../../onnx/attention/findAttention';
import { graphTimes } from '../../../inspect/profile/graphTimes';
import { profiledRuns, type ProfiledRun } from '../../../inspect/profile/profileEvents';
import { Failure, phrase } from '../../../shared/failure';
import type { PassProfile, Spread } from '../../../shared/modelProfile';
import type { Session } from '../../runtime/session';
import type { Pass } from './passes';

/** Runs of a pass where nobody says how many: as many as this takes, within limits. Unit: milliseconds. */
const ENOUGH_MS = 1000;
const FEWEST_RUNS = 5;
const MOST_RUNS = 50;

/** What stops a pass, and what hears how far it is. */
export interface PassControl {
  signal: AbortSignal;
  report: (share: number) => void;
}

/**
 * Takes the time of a pass: once with a session as others have it, and once with the profiler on.
 * @param wanted how many runs behind the first one; as many as a second takes when absent.
 * @throws Failure `runtime`; the signal's reason.
 */
export async function profilePass(
  pass: Pass,
  wanted: number | undefined,
  { signal, report }: PassControl,
): Promise<PassProfile> {
  const { graph, role, kind, tokens, cached } = pass;
  await graph.dispose();
  const beforeLoad = performance.now();
  const session = await graph.session();
  const load = performance.now() - beforeLoad;
  const [first = 0] = await timedRuns(session, pass, 1, signal);
  const usual = Math.round(ENOUGH_MS / Math.max(first, 0.01));
  const runs = wanted ?? Math.min(MOST_RUNS, Math.max(FEWEST_RUNS, usual));
  const steady = await timedRuns(session, pass, runs, signal, (share) => report(share / 2));
  await graph.dispose();
  const profiled = await profiledSession(pass, runs, {
    signal,
    report: (share) => report(0.5 + share / 2),
  });
  return {
    file: graph.path,
    ...{ kind, tokens, cached, load, first },
    steady: spreadOf(steady),
    profiled: spreadOf(profiled.map(({ duration }) => duration / 1000)),
    ...graphTimes(graph.onnx, layersOf(pass, role), profiled),
  };
}

/** Runs a pass with the profiler on. The first run, which prepares things, is left out. */
async function profiledSession(
  pass: Pass,
  runs: number,
  { signal, report }: PassControl,
): Promise<ProfiledRun[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'headlight-profile-'));
  try {
    const session = await pass.graph.profiled(path.join(folder, 'profile'));
    try {
      await timedRuns(session, pass, 1 + runs, signal, report);
    } finally {
      await session.dispose();
    }
    const [file] = await readdir(folder);
    const text = file === undefined ? '' : await readFile(path.join(folder, file), 'utf8');
    const found = profiledRuns(text)?.slice(1) ?? [];
    if (found.length === 0) {
      throw new Failure({
        kind: 'runtime',
        what: phrase('ONNX Runtime has written no profile'),
        where: pass.graph.file,
        remedy: phrase('check that the disk has room for temporary files'),
      });
    }
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timedRuns(
  session: Session,
  { feeds, fetches }: Pass,
  runs: number,
  signal: AbortSignal,
  report: (share: number) => void = () => undefined,
): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    await nextTurn();
    signal.throwIfAborted();
    const start = performance.now();
    await session.run(feeds, fetches);
    times.push(performance.now() - start);
    report((run + 1) / runs);
  }
  return times;
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  const median = sorted.length % 2 === 0 ? ((sorted[half - 1] ?? upper) + upper) / 2 : upper;
  return { runs: sorted.length, least: sorted[0] ?? 0, median, most: sorted.at(-1) ?? 0 };
}

/** Attention of a form that is not known has no share. */
function layersOf(
  { graph }: Pass,
  role: Pass['role'],
): readonly Pick<AttentionLayer, 'attention'>[] {
  try {
    return findAttentionLayers(graph.onnx, graph.file, role);
  } catch (error) {
    if (error instanceof Failure) {
      return [];
    }
    throw error;
  }
}
