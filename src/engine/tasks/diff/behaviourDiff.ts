import { statIfAny } from '../../../library/files';
import { findModelFolder } from '../../../library/findModelFolder';
import { divergence, logProbabilities } from '../../../trace/divergence';
import { topK } from '../../../trace/logits';
import { cosineDistance, movedAttention } from '../../../trace/readingDistance';
import { Failure, phrase } from '../../../shared/failure';
import type { BehaviourDiff, LikelyToken, NotCompared, PlaceDiff } from '../../../shared/modelDiff';
import { openModel, type OpenModel } from '../../openModel';
import { namedToken } from '../namedToken';
import { comparedReading, type ComparedReading } from './comparedReading';
import { readWith, type ModelReading, type ReadingControl } from './modelReadings';
import path from 'node:path';
import { sampleText } from '../sampleText';

/**
 * Runs one text through two models, one after the other, and compares what they expect and where they look.
 * @param a path of a model folder, or of one of its graphs. One that lies in no model folder is run with what
 *   lies around the other.
 * @param given the text; one of ours when absent.
 * @returns why it could not be done, where that is so.
 * @throws the signal's reason
 */
export async function behaviourDiff(
  a: string,
  b: string,
  given: string | undefined,
  { signal, report }: ReadingControl,
): Promise<BehaviourDiff | NotCompared> {
  try {
    const [folderOfA, folderOfB] = await modelFolders(a, b);
    const [graphOfA, graphOfB] = [await graphAt(a), await graphAt(b)];
    checkSameHalf(graphOfA, graphOfB);
    const one = await openModel(folderOfA, graphOfA);
    const other = await openModel(folderOfB, graphOfB);
    const reading = await comparedReading(one, other, given ?? sampleText(one), signal);
    signal.throwIfAborted();
    const ofA = await readWith(one, reading, { signal, report: (share) => report(share / 2) });
    signal.throwIfAborted();
    const ofB = await readWith(other, reading, {
      signal,
      report: (share) => report(0.5 + share / 2),
    });
    const { text, target, way } = reading;
    return {
      text,
      ...(target === undefined ? {} : { target }),
      way,
      places: placesOf(one, reading, ofA, ofB),
      attention: attentionDiff(ofA, ofB),
    };
  } catch (error) {
    if (error instanceof Failure) {
      return { lacking: error.data };
    }
    throw error;
  }
}

/** A path that names one graph, whatever the file is called. */
async function graphAt(given: string): Promise<string | undefined> {
  return (await statIfAny(given))?.isFile() === true ? given : undefined;
}

/** An encoder and a decoder would each be run with the other half of one model, and both be the same. */
function checkSameHalf(a: string | undefined, b: string | undefined): void {
  const isEncoder = (file: string): boolean => path.basename(file).startsWith('encoder');
  if (a !== undefined && b !== undefined && isEncoder(a) !== isEncoder(b)) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('One is a model of another kind than the other: they read texts in other ways'),
      remedy: phrase('compare two models of one kind'),
    });
  }
}

/** A file that lies in no model folder takes that of the other; a folder must be one itself. */
async function modelFolders(a: string, b: string): Promise<[string, string]> {
  const [one, other] = [await findModelFolder(a), await findModelFolder(b)];
  const needsOther = async (given: string, folder: string): Promise<boolean> =>
    (await graphAt(given)) !== undefined &&
    (await statIfAny(path.join(folder, 'config.json')).catch(() => undefined)) === undefined;
  const [lacksOne, lacksOther] = [await needsOther(a, one), await needsOther(b, other)];
  return [lacksOne && !lacksOther ? other : one, lacksOther && !lacksOne ? one : other];
}

function placesOf(
  { tokenizer }: OpenModel,
  { sequences, places, way }: ComparedReading,
  a: ModelReading,
  b: ModelReading,
): PlaceDiff[] {
  const tokens = sequences.decoder ?? sequences.encoder ?? [];
  return places.flatMap((place, index): PlaceDiff[] => {
    const [one, other] = [a.rows[index], b.rows[index]];
    const token = tokens[place];
    if (one === undefined || other === undefined || token === undefined) {
      return [];
    }
    const named = namedToken(tokenizer, token.id);
    if (way === 'vectors' || one.length !== other.length) {
      return [{ token: named, divergence: cosineDistance(one, other) }];
    }
    const logs = { a: logProbabilities(one), b: logProbabilities(other) };
    const likeliest = (own: Float32Array): LikelyToken => {
      const [id = 0] = topK(own, 1);
      const probability = { a: Math.exp(logs.a[id] ?? NaN), b: Math.exp(logs.b[id] ?? NaN) };
      return { id, ...namedToken(tokenizer, id), probability };
    };
    return [
      {
        token: named,
        divergence: divergence(logs.a, logs.b),
        top: { a: likeliest(logs.a), b: likeliest(logs.b) },
      },
    ];
  });
}

function attentionDiff(a: ModelReading, b: ModelReading): BehaviourDiff['attention'] {
  if ('lacking' in a.attention) {
    return a.attention;
  }
  if ('lacking' in b.attention) {
    return b.attention;
  }
  const others = new Map(b.attention.map((layer) => [layer.site, layer]));
  return a.attention.flatMap((layer) => {
    const other = others.get(layer.site);
    return other?.values.length === layer.values.length && other.heads === layer.heads
      ? [{ site: layer.site, heads: movedAttention(layer, other) }]
      : [];
  });
}
