import type { HeadId, TracedSequences } from '../../shared/attention';
import { estimate } from '../../shared/evidence';
import { Failure, phrase } from '../../shared/failure';
import type { EffectElsewhere, PiecesDone } from '../../shared/referenceRun';
import type { AttentionTrace } from '../../trace/attentionTrace';
import type { OpenModel } from '../openModel';
import { zeroAblation } from './ablate';
import { furtherPieces } from './furtherPieces';
import { measureEffect } from './measureEffect';
import { sampleEvenly } from './sampleEvenly';
import { truncate, sourceTokens } from './tracedSource';
import { generatedTarget } from './tracedTarget';

/** Pieces that are measured at most. */
export const MOST_PIECES = 20;

/**
 * Tokens of a piece that are masked in turn, at most. What the pieces differ in counts for more than
 * what the tokens of one do, so that few of each are enough.
 */
const MOST_MASKED_A_PIECE = 16;

/**
 * What silencing a head does to further pieces of text, each measured as `ablate` measures a trace's
 * text. They are about as long as that. An encoder–decoder model writes a result of each, greedily.
 * Pieces whose tokens cannot be rated, as those with a blank, are left out.
 * @param texts that pieces are cut of.
 * @throws Failure `input` for a head that the trace lacks, or where no piece could be measured; as
 *   `measureEffect` does.
 */
export async function ablateElsewhere(
  opened: OpenModel,
  trace: AttentionTrace,
  { site, head }: HeadId,
  texts: readonly string[],
  { signal, report }: { signal: AbortSignal; report: (progress: PiecesDone) => void },
): Promise<EffectElsewhere> {
  trace.site(site, head);
  const all = furtherPieces(texts, lengthOf(trace.summary.sequences));
  const chosen = sampleEvenly(all, MOST_PIECES);
  const intervention = zeroAblation({ site, head });
  // Layers of single pieces are not reported: their number is known only piece by piece.
  const control = { signal, report: () => undefined };
  const pieces: EffectElsewhere['pieces'] = [];
  for (const [done, text] of chosen.entries()) {
    report({ done, total: chosen.length });
    const sequences = await readPiece(opened, text, signal);
    const { meanLogChange, tokens } = await measureEffect(
      opened,
      sequences,
      intervention,
      control,
      MOST_MASKED_A_PIECE,
    );
    if (meanLogChange !== undefined) {
      pieces.push({ meanLogChange, tokens: tokens.length });
    }
  }
  const found = estimate(pieces.map(({ meanLogChange }) => meanLogChange));
  if (found === undefined) {
    throw new Failure({
      kind: 'input',
      what: phrase('The document has no more text that the head could be measured on'),
      remedy: phrase('trace a part of a longer document'),
    });
  }
  const { mean, standardError } = found;
  return {
    pieces,
    available: all.length,
    meanLogChange: mean,
    ...(standardError === undefined ? {} : { standardError }),
  };
}

/** How long the text of a trace is, in UTF-16 units. */
function lengthOf({ encoder, decoder }: TracedSequences): number {
  return Math.max(0, ...(encoder ?? decoder ?? []).map(({ end }) => end));
}

/** A piece as the model reads it, with what it makes of it. */
async function readPiece(
  model: OpenModel,
  text: string,
  signal: AbortSignal,
): Promise<TracedSequences> {
  const tokens = [...truncate(sourceTokens(model, text), model.limits.context).tokens];
  switch (model.architecture) {
    case 'decoder':
      return { decoder: tokens };
    case 'encoder':
      return { encoder: tokens };
    case 'encoder-decoder': {
      const ids = tokens.map(({ id }) => id);
      return { encoder: tokens, decoder: (await generatedTarget(model, ids, signal)).tokens };
    }
  }
}
