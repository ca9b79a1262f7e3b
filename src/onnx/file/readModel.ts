import { phrase } from '../../shared/failure';
import { expandedNodes } from '../graph/callGraph';
import { LIMITS, type Limits } from './limits';
import type { ByteSource, Graph, ModelFunction, OnnxModel } from '../graph/model';
import { otherFormatOf, readOrRecognise } from './otherFormats';
import { readEntry } from './readEntry';
import { GraphReader, readFunction, readGraph, withoutAlias } from './readGraph';
import { MODEL, OPERATOR_SET, TRAINING } from './schema';
import { WireReader, type Field } from './wireReader';

/**
 * Reads an ONNX file (a ModelProto) without its weights: of these only the place is noted.
 *
 * @param file What to call the file in error messages.
 * @throws Failure of kind `model` that tells what is malformed, and at which byte, or what the file
 *   is instead; or whatever the source throws.
 */
export function readOnnx(
  source: ByteSource,
  file: string,
  limits: Limits = LIMITS,
): Promise<OnnxModel> {
  return readOrRecognise(source, file, () => readModel(source, file, limits), otherFormatOf);
}

async function readModel(source: ByteSource, file: string, limits: Limits): Promise<OnnxModel> {
  const wire = new WireReader(source, file, limits);
  const producer = { name: '', version: '' };
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const functions: ModelFunction[] = [];
  const training: Graph[] = [];
  let irVersion = 0;
  let graph: GraphReader | undefined;
  let functionsAt: Field | undefined;
  await wire.readFile(MODEL, async (field) => {
    switch (field.number) {
      case MODEL.ir_version:
        irVersion = wire.int64(field);
        break;
      case MODEL.producer_name:
        producer.name = await wire.name(field);
        break;
      case MODEL.producer_version:
        producer.version = await wire.name(field);
        break;
      case MODEL.graph:
        graph ??= new GraphReader(wire, field);
        await graph.read(field);
        break;
      case MODEL.opset_import:
        await readOpset(wire, field, opsets);
        break;
      case MODEL.metadata_props:
        await readEntry(wire, field, metadata);
        break;
      case MODEL.training_info:
        training.push(...(await readTraining(wire, field)));
        break;
      case MODEL.functions:
        functionsAt ??= field;
        functions.push(await readFunction(wire, field));
        break;
    }
  });
  if (graph === undefined || opsets.size === 0) {
    throw wire.malformed(
      graph === undefined
        ? phrase('The file ends at byte {0} without a graph', source.size)
        : phrase('The file ends at byte {0} without the operator sets it uses', source.size),
    );
  }
  if (functionsAt !== undefined) {
    wire.hold('expandedNodes', expandedNodes(graph.finish(), functions), functionsAt);
  }
  return { irVersion, producer, opsets, metadata, graph: graph.finish(), functions, training };
}

/** Reads the graphs of a TrainingInfoProto. */
async function readTraining(wire: WireReader, message: Field): Promise<Graph[]> {
  const graphs: Graph[] = [];
  await wire.readMessage(message, TRAINING, async (field) => {
    graphs.push(await readGraph(wire, field));
  });
  return graphs;
}

/** Reads an OperatorSetIdProto. */
async function readOpset(
  wire: WireReader,
  message: Field,
  into: Map<string, number>,
): Promise<void> {
  wire.spend('entries', message);
  let domain = '';
  let version = 0;
  await wire.readMessage(message, OPERATOR_SET, async (field) => {
    switch (field.number) {
      case OPERATOR_SET.domain:
        domain = withoutAlias(await wire.name(field));
        break;
      case OPERATOR_SET.version:
        version = wire.int64(field);
        break;
    }
  });
  into.set(domain, version);
}
