import type { ModuleGraph } from '../../../src/shared/moduleGraph';
import type { Index } from './graphIndex';

/** Whether an operator only changes how values are laid out or stored, and computes nothing. */
function changesLayout(operator: string | undefined): boolean {
  switch (operator) {
    case 'Reshape':
    case 'Transpose':
    case 'Unsqueeze':
    case 'Squeeze':
    case 'Cast':
    case 'Flatten':
    case 'Identity':
    case 'Expand':
      return true;
    default:
      return false;
  }
}

/**
 * Nodes in a row that only change layout or type, each read by the next alone, of two nodes and more.
 * @param isAlone whether a node is drawn by itself.
 */
export function chainsOf(
  { nodes, values, outputs }: ModuleGraph,
  index: Index,
  isAlone: (node: number) => boolean,
): number[][] {
  const results = new Set(outputs);
  const isLink = (at: number): boolean => changesLayout(nodes[at]?.operator) && isAlone(at);
  const readersOf = (at: number): number[] =>
    (nodes[at]?.outputs ?? []).flatMap((value) =>
      value === null
        ? []
        : index.readersOf(value).filter((reader) => nodes[reader]?.isFolded !== true),
    );
  const next = (at: number): number | undefined => {
    const [reader, ...others] = readersOf(at);
    const isResult = nodes[at]?.outputs.some((value) => value !== null && results.has(value));
    return reader !== undefined &&
      others.length === 0 &&
      isResult !== true &&
      isLink(reader) &&
      nodes[reader]?.module === nodes[at]?.module &&
      dataInputs(reader) === 1
      ? reader
      : undefined;
  };
  /** Inputs that are made in the graph, or given: others are stored or say a shape. */
  const dataInputs = (at: number): number =>
    (nodes[at]?.inputs ?? []).filter((value) => {
      if (value === null || values[value]?.tensor !== undefined) {
        return false;
      }
      const maker = index.maker(value);
      return maker === undefined || nodes[maker]?.isFolded !== true;
    }).length;
  const taken = new Set<number>();
  const chains: number[][] = [];
  nodes.forEach((_, at) => {
    if (taken.has(at) || !isLink(at)) {
      return;
    }
    const chain = [at];
    for (let end = next(at); end !== undefined && !taken.has(end); end = next(end)) {
      chain.push(end);
      taken.add(end);
    }
    if (chain.length > 1) {
      chains.push(chain);
    }
  });
  return chains;
}
