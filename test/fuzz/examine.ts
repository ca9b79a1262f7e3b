import type { Format } from './corpus';
import { examineConfiguration } from './examineConfiguration';
import { examineOnnx } from './examineOnnx';
import { examineTokenizer } from './examineTokenizer';
import { examineIndex, examineSafetensors } from './examineWeights';

/** What can become of a file: a graph is tapped, or only described; weights are read; or neither. */
export const OUTCOMES = ['tapped', 'described', 'weights', 'refused'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/**
 * Does with a file all that is done with it when a model is opened, ONNX Runtime left aside.
 * @throws anything but a Failure: that is a mistake of ours
 */
export const examine: (bytes: Uint8Array, format: Format) => Promise<Outcome> = (bytes, format) =>
  EXAMINERS[format](bytes);

const EXAMINERS: Readonly<Record<Format, (bytes: Uint8Array) => Promise<Outcome>>> = {
  onnx: examineOnnx,
  safetensors: examineSafetensors,
  index: examineIndex,
  tokenizer: examineTokenizer,
  configuration: examineConfiguration,
};
