import { MOST_BEAMS } from '../library/generationConfig';
import { LARGEST_SEED, MOST_CANDIDATES, MOST_PROFILED_RUNS } from '../shared/limits';

/** Shown for `--help`; errors in the command line point to it. */
export const HELP = `headlight: look inside a Transformer model and run it, on this machine

Usage
  headlight inspect PATH                what a model file or folder holds
  headlight inspect PATH --cost [--context N] [--batch N]
                                        what it takes to run: operations, memory
  headlight check PATH                  what is wrong with it, and what to do; reads all weights
  headlight diff A B [--text T] [--no-run]
                                        how two models differ: graphs, numbers, and what both make of
                                        a text
  headlight profile PATH [--text T] [--runs N]
                                        where the time goes when the model reads a text
  headlight tensors PATH [--stats] [--sort size|name]
                                        the tensors of an ONNX, safetensors or GGUF file or folder
  headlight tensors PATH NAME [--stats] [--npy FILE]
                                        one of them: as NumPy prints it, or what its numbers are
  headlight tokenize TEXT               tokens and the characters they stand for
  headlight trace TEXT [--target T] [--head SITE.H] [--reference] [--points P] [--ablate H]
                 [--mask N] [--lens] [--rollout] [--values]
                                        attention of every head; one head's map; what the
                                        reference Transformer says to it
  headlight complete TEXT               continues a text
  headlight translate [--source LANG] [--target LANG] TEXT
                                        translates a text
  headlight summarize TEXT              shortens a text
  headlight fill TEXT                   what could stand in place of [MASK] in a text

  TEXT is what stands there, best in quotation marks: headlight fill "The [MASK] is empty."
  Or it comes of --text T, of --file F, or through a pipe: git log -1 | headlight summarize
  A lone - reads standard input, too.

Options
  --model DIR           a model folder in the Hugging Face / Transformers.js layout; when left out,
                        the tiny model that comes with Headlight for the task
  --target              trace: what the decoder of an encoder–decoder model reads; without it, what
                        the model writes itself. translate: the language to translate into, by any
                        code for it (fr, fra_Latn, fr_XX, zh-CN) or its name; a model of many
                        languages needs it, the one that comes with Headlight knows zh only
  --source LANG         translate, trace: the language of the text, where the model can be told
  --target-language LANG
                        trace: the language to translate into
  --head SITE.H         trace: one head, e.g. blocks.0.attn.3: its map, and what it does on the text
                        and on random tokens that come twice; SITE.mean is the mean of a layer
  --reference           trace: runs the reference Transformer too, and says how far the numbers of
                        the runtime are from its own
  --points A,B,…        trace: values that the reference computes, by TransformerLens name, e.g.
                        blocks.0.attn.hook_q; “list” names them all
  --ablate SITE.H,…     trace: what it does to the text when a head is silenced, ± two standard
                        errors over its tokens, each masked in turn where the model fills masks;
                        several heads one by one
  --mask N,M,…          trace: what it does when these tokens, counted from 0, cannot be attended to;
                        in an encoder–decoder model N counts the tokens of the source
  --lens                trace: what the output layer makes of the text before each layer
  --rollout             trace: an estimate, from attention alone, of how much of each token is in
                        each place after the last layer; in decoders it favours the first token
  --values              trace: with --head, its attention weighted by what each token’s value adds
  --cost                inspect: operations of matrix products and convolutions (2 for each
                        multiply–add), to read a text and to write its last token; memory of the
                        cache and of the largest attention map; weights as stored. With --json as
                        functions of the sizes of a run
  --context N           inspect: with --cost, tokens of a text (those that the model can see at once;
                        512 where nothing tells)
  --batch N             inspect: with --cost, texts side by side (1)
  --stats               tensors: least, largest and mean number, standard deviation, zeros, NaN
  --sort size|name      tensors: the largest first, or by name; else as in the file
  --npy FILE            tensors: writes the tensor to a new NumPy file, dequantised where it is
                        quantised; --force replaces one
  --text T, --file F    diff, profile: what the models read; without it, a sentence of ours
  --no-run              diff: compares the files and runs neither model
  --runs N              profile: how often each graph runs, 1 to ${MOST_PROFILED_RUNS} (as often as a second takes)
  --json                one JSON object instead of text for people
  --max-new-tokens N    how many tokens to write at most (complete: 64; else the model's own limit,
                        for each part of the text)
  --temperature X       0 takes the most likely token; larger is more random (as the model's
                        settings say: with do_sample at their temperature, else 0)
  --beams N             how many texts to follow side by side, 1 to ${MOST_BEAMS} (as the model asks;
                        1: greedily)
  --seed N              the same seed draws the same tokens, where they are drawn at random,
                        0 to ${LARGEST_SEED}
  --count N             fill: how many candidates to show, 1 to ${MOST_CANDIDATES} (5)
  --help, --version

Warnings about a result are written to standard error, or into the JSON object. On a terminal,
control characters of a text are shown as escapes, \\u001b; a file or a pipe takes them as they are.
Ctrl+C stops a text that is being written and keeps what came; the second one ends it at once.
Exit status: 0 done, 1 failed (one line on standard error says why), 2 wrong usage, 3 check found
an error or a warning and not only notes, or diff found a difference, 130 stopped by Ctrl+C before
the end.
`;
