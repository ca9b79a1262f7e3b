import { givenPath } from '../../../library/givenPath';
import { findModelFolder } from '../../../library/findModelFolder';
import type { TracedSequences } from '../../../shared/attention';
import { Failure, phrase } from '../../../shared/failure';
import type { ModelProfile, ProfileProgress } from '../../../shared/modelProfile';
import { RUNTIME } from '../../../onnx/outline/compatibility';
import { disposeModel, openModel, type OpenModel } from '../../openModel';
import { sampleText } from '../sampleText';
import { sourceTokens, truncate } from '../tracedSource';
import { generatedTarget } from '../tracedTarget';
import { passesOf } from './passes';
import { profilePass } from './profilePass';

/** What stops a profile, and what hears how far it is. */
export interface ProfileControl {
  signal: AbortSignal;
  report: (progress: ProfileProgress) => void;
}

/**
 * Runs a model on a text again and again, and says where the time goes. Nothing else should run beside it.
 * @param given path of a model folder, or of one of its graphs.
 * @param options the text, one of ours when absent; and how many runs, as many as a second takes when absent.
 * @throws Failure `model`, `unsupported` or `runtime`; the signal's reason.
 */
export async function profile(
  given: string,
  { text, runs }: { text?: string | undefined; runs?: number | undefined },
  { signal, report }: ProfileControl,
): Promise<ModelProfile> {
  const target = givenPath(given);
  const graph = target.endsWith('.onnx') ? target : undefined;
  const model = await openModel(await findModelFolder(target), graph);
  try {
    const read = await sequencesOf(model, text ?? sampleText(model), signal);
    const passes = await passesOf(model, read.sequences);
    const profiles: ModelProfile['passes'] = [];
    for (const [index, pass] of passes.entries()) {
      signal.throwIfAborted();
      const progress = (share: number): void =>
        report({ pass: index, passes: passes.length, share });
      profiles.push(await profilePass(pass, runs, { signal, report: progress }));
    }
    return {
      path: target,
      text: read.text,
      ...(read.target === undefined ? {} : { target: read.target }),
      runtime: `${RUNTIME}, CPU`,
      passes: profiles,
    };
  } finally {
    await disposeModel(model);
  }
}

/** The tokens that a model reads of a text: as many as it can see at once. */
async function sequencesOf(
  model: OpenModel,
  given: string,
  signal: AbortSignal,
): Promise<{ text: string; target?: string; sequences: TracedSequences }> {
  const all = sourceTokens(model, given);
  if (all.every(({ special }) => special)) {
    throw new Failure({
      kind: 'input',
      what: phrase('There is no text to read'),
      remedy: phrase('give a text'),
    });
  }
  const tokens = [...truncate(all, model.limits.context).tokens];
  const text = given.slice(0, Math.max(0, ...tokens.map(({ end }) => end)));
  switch (model.architecture) {
    case 'decoder':
      // The next token must have room, too.
      return {
        text,
        sequences: { decoder: tokens.slice(0, Math.max(1, model.limits.context - 1)) },
      };
    case 'encoder':
      return { text, sequences: { encoder: tokens } };
    case 'encoder-decoder': {
      const ids = tokens.map(({ id }) => id);
      const made = await generatedTarget(model, ids, signal);
      return { text, target: made.text, sequences: { encoder: tokens, decoder: made.tokens } };
    }
  }
}
