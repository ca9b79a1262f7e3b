import { inputsOf } from '../../onnx/graph/operatorInputs';
import type { TensorRef } from '../../onnx/graph/model';
import type { Weight } from '../../onnx/outline/weightUses';
import { phrase } from '../../shared/failure';
import { bindWeights } from '../../weights/bindWeights';
import { folderRule } from './folderRule';
import type { CheckedFolder, CheckedGraph, Found } from './rule';
import { readsIds } from './textGraphs';
import { inFolder } from './tokenSettings';

/** What families call their table of positions: BERT and its kin, GPT-2, BART and its kin. */
const TABLE =
  /(^|[./])(position_embeddings|wpe|embed_positions|position_embedding)(\.weights?)?(_quantized|_fp16)?$/;

/** Families whose tables have rows before the first position: 2 of BART's kin; 1 + padding of RoBERTa's. */
const TWO_BEFORE = new Set([
  ...['bart', 'mbart', 'opt', 'led', 'plbart', 'biogpt', 'm2m_100', 'nllb-moe', 'xglm'],
]);
const AFTER_PADDING = new Set(['roberta', 'camembert', 'xlm-roberta', 'mpnet', 'longformer']);

/** Tokenizers that know no limit say 10³⁰. */
const LARGEST_LIMIT = 10_000_000;

const CONTEXT = ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len'];

/** Tables of positions, learned or of sines and cosines, that end before the folder says they do. */
export const positionTables = folderRule({
  id: 'positions/table-length',
  check({ graphs }, folder) {
    // What the tokenizer of a model of sound lets through is what it wrote, and no text to be read.
    const readsTexts = graphs.every((graph) => graph.role !== 'encoder' || readsIds(graph));
    return graphs.filter(readsIds).flatMap((graph) => tooShort(graph, folder, readsTexts));
  },
});

function tooShort(graph: CheckedGraph, folder: CheckedFolder, readsTexts: boolean): Found[] {
  const named = namedTables(graph);
  const table = graph.stored.weights
    .filter((weight) => named.has(weight.tensor) || isTable(weight))
    .reduce<Weight | undefined>(
      (least, one) => (rowsOf(one) < rowsOf(least) ? one : least),
      undefined,
    );
  if (table === undefined) {
    return [];
  }
  const rows = rowsOf(table);
  const [name, context] = contextOf(folder);
  if (context !== undefined && rows < context) {
    return [
      {
        severity: 'warning',
        message: phrase(
          'The table of positions “{0}” ends after {1} rows, but “{2}” of config.json is {3}',
          table.tensor.name,
          rows,
          name,
          context,
        ),
        remedy: phrase('export the model again with all positions, or correct config.json'),
        place: { file: graph.file, tensor: table.tensor.name },
      },
    ];
  }
  const positions = rows - rowsBefore(folder);
  const limit = folder.tokenizerConfig?.['model_max_length'];
  if (readsTexts && typeof limit === 'number' && limit <= LARGEST_LIMIT && limit > positions) {
    return [
      {
        severity: 'warning',
        message: phrase(
          'The tokenizer lets texts have {0} tokens (model_max_length), but the table of positions “{1}” has {2}',
          limit,
          table.tensor.name,
          positions,
        ),
        remedy: phrase('set model_max_length to {0}', positions),
        place: { file: inFolder(folder.folder, 'tokenizer_config.json') },
      },
    ];
  }
  return [];
}

function rowsOf(table: Weight | undefined): number {
  return table?.tensor.dims[0] ?? Infinity;
}

/** Matrices that the module which uses them tells to be such tables, whatever they are called. */
function namedTables({ onnx }: CheckedGraph): ReadonlySet<TensorRef> {
  const named = [...bindWeights(onnx).parameters.values()].filter(
    ({ names, transposed, part, dims }) =>
      names.some((name) => TABLE.test(name)) &&
      !transposed &&
      part === undefined &&
      dims.length === 2,
  );
  return new Set(named.map(({ tensor }) => tensor));
}

/** Whether rows of a matrix are those of positions. */
function isTable({ tensor, uses }: Weight): boolean {
  const isAngles = ({ node, input }: Weight['uses'][number]): boolean =>
    inputsOf(node).angles?.includes(input) === true;
  return (
    tensor.dims.length === 2 &&
    (TABLE.test(tensor.name) || (uses.length > 0 && uses.every(isAngles)))
  );
}

function contextOf({ config = {} }: CheckedFolder): [name: string, context?: number] {
  const name = CONTEXT.find((key) => typeof config[key] === 'number');
  return name === undefined ? [''] : [name, Number(config[name])];
}

function rowsBefore({ config = {} }: CheckedFolder): number {
  const family = String(config['model_type']);
  const pad = config['pad_token_id'];
  if (AFTER_PADDING.has(family)) {
    return 1 + (typeof pad === 'number' ? pad : 1);
  }
  return TWO_BEFORE.has(family) ? 2 : 0;
}
