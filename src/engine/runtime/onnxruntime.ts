/*
 * The one file that loads ONNX Runtime: whoever needs it takes it from here, so that its telemetry
 * is off before its library is there. Imports are carried out in the order in which they stand.
 */
import './telemetry';

export { InferenceSession, Tensor } from 'onnxruntime-node';
