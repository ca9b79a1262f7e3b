import { Failure, phrase } from '../../shared/failure';
import type { GraphInputs } from './graphInputs';

/** Inputs that hold sound: samples, or what was computed of them. */
const SOUND = ['input_values', 'input_features', 'audio_values'];
const IMAGES = ['pixel_values', 'pixel_values_videos'];

/**
 * What a graph reads that reads no text, as the failure of all who want one that does; undefined where
 * it reads text, or takes inputs that tell nothing.
 * @param where  names the file in the failure.
 */
export function nonTextInput(inputs: GraphInputs, where = ''): Failure | undefined {
  const sound = SOUND.find((name) => inputs.has(name));
  const images = IMAGES.find((name) => inputs.has(name));
  if (inputs.has('input_ids') || (sound === undefined && images === undefined)) {
    return undefined;
  }
  return new Failure({
    kind: 'unsupported',
    what:
      sound === undefined
        ? phrase('The model reads images and no text: its input is “{0}”', images ?? '')
        : phrase('The model reads sound and no text: its input is “{0}”', sound),
    where,
    remedy: phrase('choose a model that reads text'),
  });
}
