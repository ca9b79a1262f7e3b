import * as l10n from '@vscode/l10n';

/** What an operator does, as a sentence; undefined of those that few graphs have. */
export function operatorWords(operator: string): string | undefined {
  switch (operator) {
    case 'MatMul':
    case 'Gemm':
    case 'FusedMatMul':
      return l10n.t('Multiplies two matrices: each row of the first by each column of the second.');
    case 'MatMulInteger':
    case 'DynamicQuantizeMatMul':
    case 'QLinearMatMul':
      return l10n.t('Multiplies two matrices of 8-bit whole numbers.');
    case 'com.microsoft.MatMulNBits':
    case 'MatMulNBits':
      return l10n.t('Multiplies by a matrix whose numbers are packed into a few bits each.');
    case 'Softmax':
      return l10n.t('Turns each row of scores into shares that sum to 1.');
    case 'Add':
      return l10n.t('Adds two tensors, element by element.');
    case 'Sub':
      return l10n.t('Subtracts one tensor from another, element by element.');
    case 'Mul':
      return l10n.t('Multiplies two tensors, element by element.');
    case 'Div':
      return l10n.t('Divides one tensor by another, element by element.');
    case 'Gather':
      return l10n.t('Picks rows of a table by their numbers, as an embedding does with tokens.');
    case 'Reshape':
      return l10n.t('Gives the same numbers another shape.');
    case 'Transpose':
      return l10n.t('Changes the order of the dimensions.');
    case 'Concat':
      return l10n.t('Puts tensors behind each other.');
    case 'Slice':
      return l10n.t('Takes a stretch of a tensor.');
    case 'Split':
      return l10n.t('Cuts a tensor into parts.');
    case 'Unsqueeze':
    case 'Squeeze':
      return l10n.t('Adds or drops dimensions of size 1.');
    case 'Cast':
      return l10n.t('Changes the type of the numbers.');
    case 'LayerNormalization':
      return l10n.t('Brings each state to mean 0 and variance 1, then scales and shifts it.');
    case 'SimplifiedLayerNormalization':
    case 'RMSNormalization':
      return l10n.t('Divides each state by the root of its mean square, then scales it.');
    case 'com.microsoft.SkipLayerNormalization':
    case 'com.microsoft.SkipSimplifiedLayerNormalization':
      return l10n.t('Adds a result to the stream of hidden states and normalizes the sum.');
    case 'Where':
      return l10n.t('Takes each element from one of two tensors, as a third one says.');
    case 'Erf':
      return l10n.t('The error function, of which GELU is made.');
    case 'Gelu':
    case 'com.microsoft.Gelu':
    case 'com.microsoft.FastGelu':
    case 'com.microsoft.BiasGelu':
      return l10n.t('The activation GELU.');
    case 'Tanh':
    case 'Sigmoid':
    case 'Relu':
      return l10n.t('An activation, element by element.');
    case 'ReduceMean':
      return l10n.t('The mean along a dimension.');
    case 'Pow':
    case 'Sqrt':
      return l10n.t('A power or root, element by element.');
    case 'DequantizeLinear':
      return l10n.t('Turns whole numbers back into the numbers that they stand for.');
    case 'QuantizeLinear':
    case 'DynamicQuantizeLinear':
      return l10n.t('Turns numbers into 8-bit whole numbers with a scale.');
    case 'If':
      return l10n.t('Runs one of two branches.');
    case 'com.microsoft.MultiHeadAttention':
    case 'com.microsoft.GroupQueryAttention':
    case 'com.microsoft.Attention':
    case 'Attention':
      return l10n.t('Attention in one operator: scores, shares and the weighted sum of values.');
    case 'RotaryEmbedding':
    case 'com.microsoft.RotaryEmbedding':
      return l10n.t('Rotates queries or keys by an angle that grows with the position.');
    default:
      return undefined;
  }
}
