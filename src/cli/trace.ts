import type { Engine } from '../engine/engine';
import { isEncoderDecoder, type HeadChoice, type HeadMap, type HeadId } from '../shared/attention';
import { asFailure } from '../shared/failure';
import type { Effect } from '../shared/referenceRun';
import { verdictOf } from '../shared/verification';
import { DONE, FAILED, type ExitStatus } from './exitStatus';
import { readSource } from './source';
import { formatHookPoints, formatTrace, type TraceJson } from './showTrace';
import { toJsonLine, modelChoice, noProgress, type Terminal } from './terminal';
import type { InvocationOf } from './usage';

/** Traces a text and adds what was asked of the reference Transformer. */
export async function trace(
  engine: Engine,
  {
    model,
    source,
    target,
    languages,
    head,
    reference,
    points,
    ablate,
    mask,
    lens,
    ...asked
  }: InvocationOf<'trace'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const text = await readSource(source, 'trace', terminal);
  // A target is for an encoder–decoder model.
  const bundled = target === undefined ? 'complete' : 'translate';
  const summary = await engine.trace(
    {
      model: modelChoice(model, bundled),
      text,
      ...(target === undefined ? {} : { target }),
      languages,
    },
    noProgress(),
  );
  const { trace, sequences, truncation, targetTruncation, mapless } = summary;
  const lacks = new Set<string>();
  if (points === 'list') {
    const list = await ofReference(lacks, () => engine.hookPoints({ trace }, noProgress()));
    if (list !== undefined) {
      terminal.out(asked.json ? toJsonLine({ hookPoints: list }) : formatHookPoints(list));
      return DONE;
    }
  }
  const verification = reference
    ? await ofReference(lacks, () => engine.verify({ trace }, noProgress()))
    : undefined;
  const weighted =
    asked.values && head !== undefined
      ? await ofReference(lacks, () => weightedOf(engine, trace, head))
      : undefined;
  const values =
    points === undefined || points === 'list'
      ? undefined
      : await ofReference(lacks, () => recorded(engine, trace, points));
  const ablations =
    ablate.length === 0
      ? undefined
      : await ofReference(lacks, () => effects(engine, trace, ablate));
  const masked =
    mask.length === 0
      ? undefined
      : await ofReference(lacks, () =>
          engine.maskTokens({ trace, tokens: [...mask] }, noProgress()),
        );
  const layers = lens
    ? await ofReference(lacks, () => engine.logitLens({ trace }, noProgress()))
    : undefined;
  const { sites: compared = [], ...verified } = verification ?? {};
  const differences = new Map(compared.map(({ id, ...difference }) => [id, difference]));
  const answer: TraceJson = {
    ...(sequences.encoder && sequences.decoder
      ? { tokens: sequences.encoder, targetTokens: sequences.decoder }
      : { tokens: sequences.encoder ?? sequences.decoder ?? [] }),
    ...(summary.target === undefined ? {} : { target: summary.target }),
    sites: summary.sites.map(({ statistics, ...site }) => ({
      ...site,
      entropy: statistics.map(({ entropy }) => entropy),
      ...differences.get(site.id),
    })),
    ...(verification === undefined ? {} : { verdict: verdictOf(verification), ...verified }),
    ...(head === undefined ? {} : await headOf(engine, trace, head)),
    ...(head === undefined || isEncoderDecoder(summary) ? {} : await scoresOf(engine, trace, head)),
    ...(weighted === undefined ? {} : { weighted: rowsOf(weighted) }),
    ...(asked.rollout ? await rollouts(engine, trace) : {}),
    ...(values === undefined ? {} : { points: values }),
    ...(ablations === undefined ? {} : { ablations }),
    ...(masked === undefined ? {} : { masked: { mask, ...masked } }),
    ...(layers === undefined ? {} : { lens: layers }),
    ...(truncation === undefined ? {} : { truncation }),
    ...(targetTruncation === undefined ? {} : { targetTruncation }),
    ...(mapless === undefined ? {} : { mapless }),
  };
  terminal.out(asked.json ? toJsonLine(answer) : formatTrace(answer, verification));
  for (const lack of lacks) {
    terminal.note(`the trace is without what the reference Transformer was to say: ${lack}`);
  }
  return lacks.size === 0 ? DONE : FAILED;
}

/**
 * Results of the reference Transformer, which are not part of the trace.
 * @param lacks is told why it can say nothing to a model.
 */
async function ofReference<T>(
  lacks: Set<string>,
  ask: () => Promise<T> | T,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== 'unsupported' && failure.kind !== 'model') {
      throw error;
    }
    lacks.add(failure.message);
    return undefined;
  }
}

/** One head's probabilities, [query][key], what it does, and which tokens its rows are about. */
async function headOf(
  engine: Engine,
  trace: string,
  { site, head }: HeadChoice,
): Promise<Pick<TraceJson, 'matrix' | 'reading' | 'rows'>> {
  const map = await engine.headMap({ trace, site, head }, noProgress());
  const { reading, rows } = map;
  return {
    matrix: rowsOf(map),
    ...(reading === undefined ? {} : { reading }),
    ...(rows === undefined ? {} : { rows }),
  };
}

/** One head's attention, weighted by its values; a mean has none of its own. */
function weightedOf(
  engine: Engine,
  trace: string,
  { site, head }: HeadChoice,
): ReturnType<Engine['valueMap']> | undefined {
  return head === 'mean' ? undefined : engine.valueMap({ trace, site, head }, noProgress());
}

/** What one head does on random tokens that are repeated. */
async function scoresOf(
  engine: Engine,
  trace: string,
  { site, head }: HeadChoice,
): Promise<Pick<TraceJson, 'scores'>> {
  if (head === 'mean') {
    return {};
  }
  const sites = await engine.headScores({ trace }, noProgress());
  const scores = sites.find((candidate) => candidate.site === site)?.heads[head];
  return scores === undefined ? {} : { scores };
}

/** [query][key] */
function rowsOf({ values, queries, keys }: HeadMap): number[][] {
  return Array.from({ length: queries }, (_, query) =>
    Array.from(values.subarray(query * keys, (query + 1) * keys)),
  );
}

/** Rollout of each stack, and what it is worth. */
async function rollouts(
  engine: Engine,
  trace: string,
): Promise<Required<Pick<TraceJson, 'rollout' | 'rolloutNotes'>>> {
  const found = await engine.rollout({ trace }, noProgress());
  return {
    rollout: Object.fromEntries(
      found.map(({ component, tokens, values }) => [
        component,
        rowsOf({ values, queries: tokens, keys: tokens }),
      ]),
    ),
    rolloutNotes: Object.fromEntries(
      found.map(({ component, causal }) => [component, causal ? CAUSAL_ROLLOUT : ROLLOUT]),
    ),
  };
}

const ROLLOUT =
  'an estimate from attention alone (rollout): it knows neither values nor feed-forward layers';
const CAUSAL_ROLLOUT = `${ROLLOUT}, and where tokens see only those before them it favours the first one, whatever the model makes of it`;

async function recorded(
  engine: Engine,
  trace: string,
  points: readonly string[],
): Promise<NonNullable<TraceJson['points']>> {
  const found = await engine.record({ trace, points: [...points] }, noProgress());
  return Object.fromEntries(
    found.map(({ name, dims, values }) => [name, { dims, values: Array.from(values) }]),
  );
}

async function effects(
  engine: Engine,
  trace: string,
  heads: readonly HeadId[],
): Promise<(HeadId & Effect)[]> {
  const found: (HeadId & Effect)[] = [];
  for (const head of heads) {
    found.push({ ...head, ...(await engine.ablate({ trace, ...head }, noProgress())) });
  }
  return found;
}
