import type { Node } from '../../onnx/graph/model';

/**
 * Where an operator is documented: those of ONNX by a page each, those of ONNX Runtime in one. Undefined for
 * operators of others, and for functions of the file.
 */
export function documentationOf({
  domain,
  opType,
}: Pick<Node, 'domain' | 'opType'>): string | undefined {
  if (!/^[A-Za-z]\w*$/.test(opType)) {
    return undefined;
  }
  switch (domain) {
    case '':
      return `https://onnx.ai/onnx/operators/onnx__${opType}.html`;
    case 'ai.onnx.ml':
      return `https://onnx.ai/onnx/operators/onnx_aionnxml_${opType}.html`;
    case 'com.microsoft':
      return `https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#${domain}.${opType}`;
    default:
      return undefined;
  }
}
