import { LIMITS } from './limits';
import { changedSince } from './errors';
import type { ByteSource, IfBranch } from '../graph/model';
import { ATTRIBUTE, GRAPH, MODEL, NODE } from './schema';
import { WireReader, type Field } from './wireReader';

/** Where an `If` and its branches lie in a file. */
export interface IfPlace {
  /** The message that holds the node: the model's graph, or a part of it. */
  graph: Field;
  node: Field;
  branches: Record<IfBranch, BranchFields>;
}

interface BranchFields {
  attribute: Field;
  /** The graph in the attribute; the last part of it where it comes in several. */
  graph: Field;
}

/**
 * Finds nodes of the model's graph that are `If`, by their index among its nodes.
 * @param file What to call the file in error messages.
 * @throws Failure of kind `model` if the file is not the one whose nodes were counted.
 */
export async function findBranches(
  source: ByteSource,
  file: string,
  indices: ReadonlySet<number>,
): Promise<Map<number, IfPlace>> {
  const wire = new WireReader(source, file, LIMITS);
  const places = new Map<number, IfPlace>();
  let index = 0;
  await wire.readFile(MODEL, async (graph) => {
    if (graph.number !== MODEL.graph) {
      return;
    }
    await wire.readMessage(graph, GRAPH, async (node) => {
      if (node.number === GRAPH.node && indices.has(index++)) {
        places.set(index - 1, { graph, node, branches: await readBranches(wire, node, file) });
      }
    });
  });
  if (places.size < indices.size) {
    throw changedSince(file);
  }
  return places;
}

async function readBranches(
  wire: WireReader,
  node: Field,
  file: string,
): Promise<IfPlace['branches']> {
  const found = new Map<string, BranchFields>();
  await wire.readMessage(node, NODE, async (attribute) => {
    if (attribute.number !== NODE.attribute) {
      return;
    }
    let name = '';
    let graph: Field | undefined;
    await wire.readMessage(attribute, ATTRIBUTE, async (field) => {
      if (field.number === ATTRIBUTE.name) {
        name = await wire.name(field);
      } else if (field.number === ATTRIBUTE.g) {
        graph = field;
      }
    });
    if (graph !== undefined) {
      found.set(name, { attribute, graph });
    }
  });
  const [then_branch, else_branch] = [found.get('then_branch'), found.get('else_branch')];
  if (then_branch === undefined || else_branch === undefined) {
    throw changedSince(file);
  }
  return { then_branch, else_branch };
}
