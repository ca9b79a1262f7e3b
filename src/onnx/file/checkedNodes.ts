import { Failure, phrase } from '../../shared/failure';
import { loadedNodes } from '../graph/callGraph';
import type { OnnxModel } from '../graph/model';
import { MOST_LOADED_NODES } from './limits';

/**
 * How many operations ONNX Runtime has to load: those of the graph, of inner graphs and of calls.
 * @param file What to call the file in the message.
 * @throws Failure `unsupported` if the model has more than {@link MOST_LOADED_NODES} operations
 */
export function checkedNodes(model: Pick<OnnxModel, 'graph' | 'functions'>, file: string): number {
  const nodes = loadedNodes(model);
  if (nodes > MOST_LOADED_NODES) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The model has {0} operations, and Headlight runs models of at most {1}',
        nodes,
        MOST_LOADED_NODES,
      ),
      where: file,
      remedy: phrase('choose another model, or report that the limit is too low'),
    });
  }
  return nodes;
}
