import { attributeText } from '../../inspect/graph/attributeText';
import { flatGraph } from '../../inspect/graph/flatGraph';
import { moduleGraph } from '../../inspect/graph/moduleGraph';
import { documentationOf } from '../../inspect/graph/documentation';
import { Failure, phrase } from '../../shared/failure';
import type { ModuleGraph, NodeDetail } from '../../shared/moduleGraph';
import type { GraphFile } from './graphRole';
import { attentionLayers, ofReadable, withGraphs, type InspectedGraph } from './inspectedGraph';
import { modelFiles } from './modelFiles';

/**
 * The graphs of a model file or of a folder's model by their modules, in the order in which they run; none of
 * the weights is read but what shapes depend on.
 * @throws Failure `model` or `unsupported`
 */
export async function moduleGraphs(given: string): Promise<ModuleGraph[]> {
  const { first, areSeparate } = await modelFiles(given);
  return areSeparate ? ofReadable(first, (file) => graphsOf([file])) : graphsOf(first);
}

function graphsOf(files: readonly GraphFile[]): Promise<ModuleGraph[]> {
  return withGraphs(files, (graphs) => Promise.all(graphs.map(graphByModules)));
}

async function graphByModules(graph: InspectedGraph): Promise<ModuleGraph> {
  const { about, onnx, weights } = graph;
  return moduleGraph({
    file: about.file,
    model: onnx,
    shapes: (await graph.shapes()).shapes,
    weights,
    layers: attentionLayers(graph),
  });
}

/**
 * What a node is.
 * @param index of it among the nodes of the file's {@link ModuleGraph}.
 * @throws Failure `gone` where the file has no such node any more
 */
export function nodeDetail(file: string, index: number): Promise<NodeDetail> {
  return withGraphs([{ file }], ([graph]) => {
    const node = graph && flatGraph(graph.onnx).nodes[index]?.node;
    if (node === undefined) {
      throw new Failure({
        kind: 'gone',
        what: phrase('The graph has no node {0} any more', index),
        where: file,
        remedy: phrase('open the file again: it may have been replaced'),
      });
    }
    const opset = graph?.onnx.opsets.get(node.domain);
    const documentation = documentationOf(node);
    return Promise.resolve({
      ...(opset === undefined ? {} : { opset }),
      ...(documentation === undefined ? {} : { documentation }),
      attributes: Array.from(node.attributes)
        .filter(([, { kind }]) => kind !== 'graph' && kind !== 'graphs')
        .map(([name, attribute]) => ({ name, value: attributeText(attribute) })),
    });
  });
}
