/** What quantisers, converters and mergers put behind the name of a parameter: `_quantized`, `_Q4G32`. */
const ADDED = /_(quantized|half|fp16|DQ|Bnb4|Q[248](G\d+)?|merged_\d+)$/;

/** How many of these there are at most: merged, then quantised. */
const MOST_ADDED = 3;

/** A parameter's name: modules, then its own. */
const FULL_NAME = /^[A-Za-z_]\w*(\.\w+)+$/;

/** A name without a module, in full words: `final_logits_bias`. */
const ROOT_NAME = /^[A-Za-z]+(_[A-Za-z]+)+$/;

/** Names that exporters give to what they computed ahead: `onnx::Mul_812`, `val_9`, `add_12`. */
const COMPUTED_NAME = /^onnx::|^_?[a-z]+(_[a-z]+)*_\d+$/;

/**
 * How ONNX Runtime's model builder (microsoft/onnxruntime-genai) calls a parameter by the operator that
 * it is for: `….q_proj.MatMul.weight`, `….q_proj.Add.bias`, `….q_norm.layernorm.weight`. The weight of a
 * product is transposed.
 */
const BUILDER_NAME = /\.(MatMul|Add|layernorm)(?=\.(weight|bias)$)/;

/** What it calls otherwise than `transformers` in such names, in every family. */
const BUILDER_MODULE = /(?<=\.layers\.\d+\.)attn(?=\.)/;

/** The norm behind the last layer, which it counts as one of a layer more. */
const BUILDER_LAST_NORM = /(?<=^model\.)layers\.\d+\.final_norm_layernorm(?=\.)/;

/** What the name of a tensor tells. */
export interface OwnName {
  /** The parameter's name, if the tensor carries it. */
  full?: string;
  /** The same with the modules as they are called in the file. */
  written?: string;
  /** A name that may be a parameter of the model itself, or may be anything. */
  root?: string;
  /** Whether the tensor carries the name and is nevertheless transposed. */
  transposed: boolean;
  /** Whether the exporter made the tensor, from what the name does not tell. */
  computed: boolean;
}

export function ownName(tensor: string): OwnName {
  let name = tensor;
  for (let step = 0; step < MOST_ADDED; step++) {
    name = name.replace(ADDED, '');
  }
  const computed = COMPUTED_NAME.test(name);
  if (FULL_NAME.test(name)) {
    const written = name.replace(BUILDER_NAME, '');
    const full =
      written === name
        ? name.replace(BUILDER_LAST_NORM, 'norm')
        : written.replace(BUILDER_MODULE, 'self_attn');
    return { full, written, transposed: name.endsWith('.MatMul.weight'), computed };
  }
  return { ...(ROOT_NAME.test(name) ? { root: name } : {}), transposed: false, computed };
}

/** A quantised tensor's name without what the quantiser added; its scale begins with the same. */
export function quantizedName(tensor: string): string | undefined {
  const base = tensor.replace(/_quantized$/, '');
  return base === tensor ? undefined : base;
}

/** The module of a parameter: its name without the last part. */
export function parentOf(parameter: string): string {
  return parameter.slice(0, Math.max(0, parameter.lastIndexOf('.')));
}

/**
 * Layers of GPT-2 and its kin whose weight is [in, out] in `transformers` as well (its `Conv1D`).
 * The names also occur as linear layers elsewhere; what tells is that the exporter of a linear layer
 * transposes its weight and so loses the name.
 */
export function isConv1D(parameter: string): boolean {
  return /(^|\.)(c_attn|c_proj|c_fc|q_attn)\.weight$/.test(parameter);
}

/** Whether two names are of one parameter, their roots apart. */
export function isSameName(a: string, b: string): boolean {
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}
