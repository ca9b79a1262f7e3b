import type { Engine } from '../engine/engine';
import type { HeadMap, HeadReading } from '../shared/attention';
import type { Effect } from '../shared/referenceRun';
import { DONE, type ExitStatus } from './exitStatus';
import { readSource } from './source';
import { asHookPoints, asTrace, type Traced } from './showTrace';
import { asJson, choice, silent, type Terminal } from './terminal';
import type { HeadName, Of } from './usage';

/** Traces a text, and has the reference Transformer say to it what was asked for. */
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
  }: Of<'trace'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const text = await readSource(source, 'trace', terminal);
  // A target is for an encoder–decoder model.
  const bundled = target === undefined ? 'complete' : 'translate';
  const summary = await engine.trace(
    {
      model: choice(model, bundled),
      text,
      ...(target === undefined ? {} : { target }),
      languages,
    },
    silent(),
  );
  const { trace, sequences, truncation, targetTruncation, mapless } = summary;
  if (points === 'list') {
    const list = await engine.hookPoints({ trace }, silent());
    terminal.out(asked.json ? asJson({ hookPoints: list }) : asHookPoints(list));
    return DONE;
  }
  const verification = reference ? await engine.verify({ trace }, silent()) : undefined;
  const differences = new Map(
    verification?.sites.map(({ id, maxAbsDiff }) => [id, { maxAbsDiff }]),
  );
  const answer: Traced = {
    ...(sequences.encoder && sequences.decoder
      ? { tokens: sequences.encoder, targetTokens: sequences.decoder }
      : { tokens: sequences.encoder ?? sequences.decoder ?? [] }),
    ...(summary.target === undefined ? {} : { target: summary.target }),
    sites: summary.sites.map(({ statistics, ...site }) => ({
      ...site,
      entropy: statistics.map(({ entropy }) => entropy),
      ...differences.get(site.id),
    })),
    ...(verification === undefined
      ? {}
      : {
          ...(verification.logits === undefined ? {} : { logits: verification.logits }),
          quantized: verification.quantized,
          saturating: verification.saturating,
        }),
    ...(head === undefined ? {} : await headOf(engine, trace, head)),
    ...(head === undefined || !asked.values
      ? {}
      : { weighted: rowsOf(await engine.valueMap({ trace, ...head }, silent())) }),
    ...(asked.rollout ? { rollout: await rollouts(engine, trace) } : {}),
    ...(points === undefined ? {} : { points: await recorded(engine, trace, points) }),
    ...(ablate.length === 0 ? {} : { ablations: await effects(engine, trace, ablate) }),
    ...(mask.length === 0
      ? {}
      : { masked: { mask, ...(await engine.maskTokens({ trace, tokens: [...mask] }, silent())) } }),
    ...(lens ? { lens: await engine.logitLens({ trace }, silent()) } : {}),
    ...(truncation === undefined ? {} : { truncation }),
    ...(targetTruncation === undefined ? {} : { targetTruncation }),
    ...(mapless === undefined ? {} : { mapless }),
  };
  terminal.out(asked.json ? asJson(answer) : asTrace(answer));
  return DONE;
}

/** One head's probabilities, [query][key], and what it does. */
async function headOf(
  engine: Engine,
  trace: string,
  { site, head }: HeadName,
): Promise<{ matrix: number[][]; reading: HeadReading }> {
  const map = await engine.headMap({ trace, site, head }, silent());
  return { matrix: rowsOf(map), reading: map.reading };
}

/** [query][key] */
function rowsOf({ values, queries, keys }: HeadMap): number[][] {
  return Array.from({ length: queries }, (_, query) =>
    Array.from(values.subarray(query * keys, (query + 1) * keys)),
  );
}

async function rollouts(engine: Engine, trace: string): Promise<NonNullable<Traced['rollout']>> {
  const found = await engine.rollout({ trace }, silent());
  return Object.fromEntries(
    found.map(({ component, tokens, values }) => [
      component,
      rowsOf({ values, queries: tokens, keys: tokens }),
    ]),
  );
}

async function recorded(
  engine: Engine,
  trace: string,
  points: readonly string[],
): Promise<NonNullable<Traced['points']>> {
  const found = await engine.record({ trace, points: [...points] }, silent());
  return Object.fromEntries(
    found.map(({ name, dims, values }) => [name, { dims, values: Array.from(values) }]),
  );
}

async function effects(
  engine: Engine,
  trace: string,
  heads: readonly HeadName[],
): Promise<(HeadName & Effect)[]> {
  const found: (HeadName & Effect)[] = [];
  for (const head of heads) {
    found.push({ ...head, ...(await engine.ablate({ trace, ...head }, silent())) });
  }
  return found;
}
