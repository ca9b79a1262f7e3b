import { intAttribute, intsAttribute, stringAttribute } from '../graph/attributes';
import { dtypeAt, shapeAt, type Call, type Rules } from './call';
import { fact, type InferredValue, type Shape } from './inferredValue';
import { add, divideDown, multiply, subtract, type Size } from './size';

/** Spatial sizes of a convolution or pooling (ONNX, `Conv`: `floor((n + pads − extent)/stride) + 1`). */
function spatial(call: Call, sizes: Shape, kernel: Shape): Shape {
  const strides = intsAttribute(call.node, 'strides');
  const dilations = intsAttribute(call.node, 'dilations');
  const pads = intsAttribute(call.node, 'pads');
  const padding = stringAttribute(call.node, 'auto_pad') ?? 'NOTSET';
  return sizes.map((size, axis) => {
    const stride = strides?.[axis] ?? 1;
    if (padding.startsWith('SAME')) {
      return divideDown(add(size, stride - 1), stride);
    }
    const extent = add(multiply(subtract(kernel[axis] ?? null, 1), dilations?.[axis] ?? 1), 1);
    const padded =
      padding === 'VALID'
        ? size
        : add(size, (pads?.[axis] ?? 0) + (pads?.[axis + sizes.length] ?? 0));
    const room = subtract(padded, extent);
    // Where there is no room for the kernel, the model cannot be run.
    const steps =
      intAttribute(call.node, 'ceil_mode') === 1
        ? divideDown(add(room, stride - 1), stride, true)
        : divideDown(room, stride, true);
    return add(steps, 1);
  });
}

/** [batch, channels, …] by [features, channels of a group, …]. */
function conv(call: Call): InferredValue {
  const [input, weight] = [shapeAt(call, 0), shapeAt(call, 1)];
  if (input === undefined || weight === undefined) {
    return fact(dtypeAt(call, 0), undefined);
  }
  const kernel = intsAttribute(call.node, 'kernel_shape') ?? weight.slice(2);
  return fact(dtypeAt(call, 0), [
    input[0] ?? null,
    weight[0] ?? null,
    ...spatial(call, input.slice(2), kernel),
  ]);
}

function pool(call: Call): InferredValue {
  const input = shapeAt(call, 0);
  const kernel = intsAttribute(call.node, 'kernel_shape');
  return fact(
    dtypeAt(call, 0),
    input && kernel && [...input.slice(0, 2), ...spatial(call, input.slice(2), kernel)],
  );
}

function globalPool(call: Call): InferredValue {
  return fact(
    dtypeAt(call, 0),
    shapeAt(call, 0)?.map((size: Size | null, axis) => (axis < 2 ? size : 1)),
  );
}

/** Convolutions and poolings, with which speech models begin. */
export const CONVOLUTION: Rules = {
  Conv: conv,
  ConvInteger: (call) => ({ ...conv(call), dtype: 'int32' }),
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
};
