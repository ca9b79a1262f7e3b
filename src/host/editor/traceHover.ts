import * as vscode from 'vscode';
import type { TracedToken } from '../../shared/attention';
import type { EngineClient } from '../engine/engineClient';
import type { TracedText, TracedTexts } from '../tracedText';

/** More tokens than a hover can explain at once without scrolling. */
const MOST_TOKENS = 4;

/** How many of the tokens that a token attends to are named. */
const MOST_ATTENDED = 5;

/**
 * Explains the tokens of traced text: what they are to the tokenizer, how likely they were to the
 * model, and what they attend to in the head that is open in the panel.
 */
export class TraceHover implements vscode.HoverProvider {
  constructor(
    private readonly traces: TracedTexts,
    private readonly engine: EngineClient,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const { latest } = this.traces;
    if (document !== latest?.document || !latest.range.intact) {
      return undefined;
    }
    const place = new vscode.Range(position, position);
    const word = document.getWordRangeAtPosition(position) ?? place;
    let tokens = tokensWithin(latest, word);
    if (tokens.length > MOST_TOKENS) {
      // A run of Chinese is one word to the editor.
      tokens = tokensWithin(latest, place);
    }
    if (tokens.length === 0) {
      return undefined;
    }
    const parts = await Promise.all(tokens.map((token) => this.explain(latest, token)));
    return new vscode.Hover(parts, word);
  }

  private async explain(traced: TracedText, index: number): Promise<vscode.MarkdownString> {
    const { tokens, model } = traced.summary;
    const token = tokens[index] as TracedToken;
    const lines = [
      `**${code(visible(token.text))}** · ${vscode.l10n.t('token {0}', index)} · ${vscode.l10n.t('id {0}', token.id)} · ${vscode.l10n.t('piece {0}', code(visible(token.piece)))} · ${vscode.l10n.t('characters {0}–{1}', token.start, token.end)}`,
      prediction(token),
      await this.attention(traced, index),
      `_${model.name}_`,
    ];
    return new vscode.MarkdownString(lines.filter(Boolean).join('\n\n'));
  }

  /** What the token attends to most in the chosen head. Not there when the engine has let it go. */
  private async attention(traced: TracedText, query: number): Promise<string> {
    const { summary, choice } = traced;
    const site = summary.sites.find(({ id }) => id === choice.site);
    if (!site) {
      return '';
    }
    let row: Float32Array;
    try {
      row = await this.engine.call('headRow', { trace: summary.trace, ...choice, query });
    } catch {
      return vscode.l10n.t('The engine no longer has this trace: trace the text again.');
    }
    const attended = Array.from(row, (probability, key) => ({ probability, key }))
      .filter(({ probability }) => probability > 0)
      .sort((a, b) => b.probability - a.probability)
      .slice(0, MOST_ATTENDED)
      .map(({ probability, key }) => {
        const text = summary.tokens[key]?.text ?? '';
        return `${code(visible(text))} ${percent(probability)}`;
      });
    const title = vscode.l10n.t('Layer {0}, head {1} attends to:', site.layer, choice.head);
    return `${title} ${attended.join(' · ')}`;
  }
}

/** Indices of the tokens that share a character with a range; an empty one stands for the next. */
function tokensWithin({ summary, document, range }: TracedText, within: vscode.Range): number[] {
  const from = document.offsetAt(within.start) - range.start;
  const to = Math.max(from + 1, document.offsetAt(within.end) - range.start);
  return summary.tokens.flatMap(({ start, end }, index) =>
    start < to && end > from ? [index] : [],
  );
}

function prediction({ prediction: given }: TracedToken): string {
  if (!given) {
    return vscode.l10n.t('Nothing precedes it, so the model could not predict it.');
  }
  const instead = given.best.map(
    ({ text, probability }) => `${code(visible(text))} ${percent(probability)}`,
  );
  return [
    vscode.l10n.t(
      'Probability given what precedes it: {0}, rank {1}.',
      percent(given.probability),
      given.rank,
    ),
    vscode.l10n.t('The model’s top choices: {0}', instead.join(' · ')),
  ].join('\n\n');
}

function percent(probability: number): string {
  return probability.toLocaleString(vscode.env.language, {
    style: 'percent',
    maximumSignificantDigits: 3,
  });
}

/** Spaces and line ends as signs that one can see. */
function visible(text: string): string {
  return text
    .replaceAll(' ', '␣')
    .replaceAll('\r', '␍')
    .replaceAll('\n', '⏎')
    .replaceAll('\t', '⇥');
}

/** Text as inline code, whatever backticks it has (CommonMark 0.31, section 6.1). */
function code(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${text} ${fence}` : `${fence}${text || ' '}${fence}`;
}
