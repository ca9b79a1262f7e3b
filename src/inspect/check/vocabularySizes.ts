import { phrase } from '../../shared/failure';
import type { CheckRule, Found } from './rule';
import { writer } from './textGraphs';
import { inFolder } from './tokenSettings';
import { configuredTokens, embeddings, ratedTokens } from './vocabularies';

/**
 * Numbers of tokens that disagree: those of the tokenizer, of the embeddings, of the logits and of
 * config.json. Embeddings may have more rows than the tokenizer has tokens, for they are often padded;
 * never fewer.
 */
export const vocabularySizes: CheckRule = {
  id: 'tokenizer/vocabulary',
  check(model, work) {
    const { graphs, folder } = model;
    if (folder === undefined) {
      work.skip(phrase('This is about a whole folder, and a file alone was given'));
      return [];
    }
    const found: Found[] = [];
    const tables = graphs.flatMap(embeddings);
    const { tokenizer } = folder;
    for (const { tokens, graph, tensor } of tables) {
      if (tokenizer !== undefined && tokenizer.size > tokens) {
        found.push({
          severity: 'warning',
          message: phrase(
            'The tokenizer has {0} tokens, but the embedding “{1}” has rows for {2} only',
            tokenizer.size,
            tensor,
            tokens,
          ),
          remedy: phrase('take the tokenizer that belongs to the model'),
          place: { file: graph.file, tensor },
        });
      }
    }
    const reads = configuredTokens(model, 'vocab_size');
    const writes = configuredTokens(model, 'decoder_vocab_size') ?? reads;
    const config = inFolder(folder.folder, 'config.json');
    for (const { tokens, graph, tensor } of tables) {
      const said = graph.role === 'decoder' ? writes : reads;
      if (said !== undefined && tokens !== said) {
        found.push({
          severity: 'warning',
          message: phrase(
            'config.json says that the model knows {0} tokens, but the embedding “{1}” has {2} rows',
            said,
            tensor,
            tokens,
          ),
          remedy: phrase('take the config.json that belongs to the model, or export it again'),
          place: { file: config },
        });
      }
    }
    const writing = writer(model);
    const rated = writing && ratedTokens(writing);
    if (rated !== undefined && writes !== undefined && rated.tokens !== writes) {
      found.push({
        severity: 'warning',
        message: phrase(
          'config.json says that the model knows {0} tokens, but its logits rate {1}',
          writes,
          rated.tokens,
        ),
        remedy: phrase('take the config.json that belongs to the model, or export it again'),
        place: { file: config },
      });
    }
    return found;
  },
};
