import { Failure, phrase } from '../shared/failure';
import { axis, type Tensor } from './tensor';

/**
 * One vector of each text of a batch.
 * @param states [batch, tokens, width]
 * @param positions by text.
 * @returns [batch, 1, width]
 * @throws Failure of kind `input` for a position that is none, or where there is not one for each text.
 */
export function gatherPositions(states: Tensor, positions: readonly number[]): Tensor {
  const [batch, tokens, width] = [axis(states, 0), axis(states, 1), axis(states, 2)];
  const data = new Float32Array(batch * width);
  if (positions.length !== batch) {
    throw wrong(phrase('There are {0} positions for {1} texts', positions.length, batch));
  }
  positions.forEach((position, text) => {
    if (!Number.isInteger(position) || position < 0 || position >= tokens) {
      throw wrong(phrase('A text of {0} tokens has no position {1}', tokens, position));
    }
    const start = (text * tokens + position) * width;
    data.set(states.data.subarray(start, start + width), text * width);
  });
  return { dims: [batch, 1, width], data };
}

function wrong(what: ReturnType<typeof phrase>): Failure {
  return new Failure({
    kind: 'input',
    what,
    where: 'logitsAt',
    remedy: phrase('change the input so that it goes with the model'),
  });
}
