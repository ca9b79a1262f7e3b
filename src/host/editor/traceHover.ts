import * as vscode from 'vscode';
import {
  isEncoderDecoder,
  type AttentionSite,
  type Component,
  type HeadOrMean,
  type TracedToken,
  type TraceSummary,
  type HeadChoice,
} from '../../shared/attention';
import type { TokenChoice } from '../../shared/attentionPanel';
import { distinctLabels, tokenLabel, tokenLabels } from '../../shared/tokenLabel';
import { percent } from '../../shared/percent';
import type { EngineClient } from '../engine/engineClient';
import { asInlineCode, escapeForMarkdown } from '../escapeText';
import type { LocatedTrace, CurrentTrace } from '../currentTrace';
import { tokenAttention, type HeadSource } from './tokenAttention';

/** More tokens than a hover can explain at once without scrolling. */
const MOST_TOKENS = 4;

/**
 * Explains the tokens of traced text: what they are to the tokenizer, how likely they were to the
 * model, and what they attend to in the head that is open in the panel.
 */
export class TraceHover implements vscode.HoverProvider {
  constructor(
    private readonly currentTrace: CurrentTrace,
    private readonly engine: EngineClient,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const { latest } = this.currentTrace;
    const place = new vscode.Range(position, position);
    const word = document.getWordRangeAtPosition(position) ?? place;
    const explained = COMPONENTS.flatMap((component) => {
      const tokens = tokensWithin(latest, component, document, word);
      // A run of Chinese is one word to the editor.
      return tokens.length > MOST_TOKENS
        ? tokensWithin(latest, component, document, place)
        : tokens;
    });
    if (!latest || explained.length === 0) {
      return undefined;
    }
    const parts = await Promise.all(explained.map((token) => this.explain(latest, token)));
    return new vscode.Hover(parts, word);
  }

  private async explain(
    { summary, choice }: LocatedTrace,
    choiceOfToken: TokenChoice,
  ): Promise<vscode.MarkdownString> {
    const { component, token: index } = choiceOfToken;
    const token = summary.sequences[component]?.[index] as TracedToken;
    const label = tokenLabels(summary.sequences[component] ?? [])[index] ?? '';
    const about = [
      `**${asInlineCode(label)}**`,
      vscode.l10n.t('token {0}', index),
      vscode.l10n.t('id {0}', token.id),
      vscode.l10n.t('piece {0}', asInlineCode(token.piece)),
      vscode.l10n.t('characters {0}–{1}', token.start, token.end),
    ];
    const lines = [
      about.join(' · '),
      component === 'decoder' ? prediction(token) : '',
      await this.attention(summary, choice, choiceOfToken),
      `_${escapeForMarkdown(summary.model.name)}_`,
    ];
    return new vscode.MarkdownString(lines.filter(Boolean).join('\n\n'));
  }

  /**
   * What the token attends to most in the chosen head, or what attends to it. Says so when the engine
   * has let the trace go.
   */
  private async attention(
    summary: TraceSummary,
    choice: HeadChoice,
    token: TokenChoice,
  ): Promise<string> {
    const site = summary.sites.find(({ id }) => id === choice.site);
    if (!site) {
      return '';
    }
    try {
      const head = { trace: summary.trace, ...choice };
      const source: HeadSource = {
        row: (query) => this.engine.call('headRow', { ...head, query }),
        map: () => this.engine.call('headMap', head),
      };
      const found = await tokenAttention(source, site, token);
      if (!found) {
        return '';
      }
      const names = distinctLabels(tokenLabels(summary.sequences[found.others] ?? []));
      const list = found.attended.map(
        ({ token: other, probability }) =>
          `${asInlineCode(names[other] ?? '')} ${shown(probability)}`,
      );
      return `${attentionTitle(summary, site, choice.head, found.role)} ${list.join(' · ')}`;
    } catch {
      return vscode.l10n.t('The engine no longer has this trace: trace the text again.');
    }
  }
}

/** Source before result, where a place stands for both. */
const COMPONENTS: readonly Component[] = ['encoder', 'decoder'];

/** The tokens that share a character with a range; an empty one stands for the next. */
function tokensWithin(
  traced: LocatedTrace | undefined,
  component: Component,
  document: vscode.TextDocument,
  within: vscode.Range,
): TokenChoice[] {
  const place = traced?.locations[component];
  if (place?.document !== document || !place.range.intact) {
    return [];
  }
  const from = document.offsetAt(within.start) - place.range.start;
  const to = Math.max(from + 1, document.offsetAt(within.end) - place.range.start);
  const tokens = traced?.summary.sequences[component] ?? [];
  return tokens.flatMap(({ start, end }, token) =>
    start < to && end > from ? [{ component, token }] : [],
  );
}

/** Says which head is spoken of, and in which direction the attention goes. */
function attentionTitle(
  summary: TraceSummary,
  { component, kind, layer }: AttentionSite,
  head: HeadOrMean,
  role: 'query' | 'key',
): string {
  if (head === 'mean') {
    return role === 'query'
      ? vscode.l10n.t(
          'The heads of cross-attention layer {0} attend in the source to, on average:',
          layer,
        )
      : vscode.l10n.t(
          'Result tokens that attend to it in cross-attention layer {0}, on average over its heads:',
          layer,
        );
  }
  if (kind === 'cross') {
    return role === 'query'
      ? vscode.l10n.t('Cross-attention layer {0}, head {1} attends in the source to:', layer, head)
      : vscode.l10n.t(
          'Result tokens that attend to it in cross-attention layer {0}, head {1}:',
          layer,
          head,
        );
  }
  if (!isEncoderDecoder(summary)) {
    return vscode.l10n.t('Layer {0}, head {1} attends to:', layer, head);
  }
  return component === 'encoder'
    ? vscode.l10n.t('Encoder layer {0}, head {1} attends to:', layer, head)
    : vscode.l10n.t('Decoder layer {0}, head {1} attends to:', layer, head);
}

function prediction({ prediction: given }: TracedToken): string {
  if (!given) {
    return vscode.l10n.t('Nothing precedes it, so the model could not predict it.');
  }
  const instead = given.best.map(
    ({ probability, ...token }) => `${asInlineCode(tokenLabel(token))} ${shown(probability)}`,
  );
  return [
    vscode.l10n.t(
      'Probability given what precedes it: {0}, rank {1}.',
      shown(given.probability),
      given.rank,
    ),
    vscode.l10n.t('The model’s top choices: {0}', instead.join(' · ')),
  ].join('\n\n');
}

function shown(probability: number): string {
  return percent(probability, vscode.env.language, { maximumSignificantDigits: 3 });
}
