import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { HeadId } from '../../shared/attention';
import type {
  AttentionPanelHost,
  AttentionPanelState,
  AttentionPanelView,
} from '../../shared/attentionPanel';
import {
  headMeaning,
  meanMeaning,
  rowMeaning,
  scoreMeaning,
} from '../../wording/heads/headMeanings';
import { headWords, meanWords, rowWords } from '../../wording/heads/headWords';
import { scoreWords } from '../../wording/heads/scoreWords';
import { rowsOfTokens } from '../../shared/resultRows';
import type { Implementation } from '../../shared/rpc';
import type { EngineClient } from '../engine/engineClient';
import { translateSentence } from '../messages';
import { setPage } from './page';
import { ReferenceChecks } from './referenceChecks';
import { ViewChannel, type ViewMethods } from './viewChannel';

/** What the panel asks of the rest of the extension. */
export type AttentionPanelActions = Implementation<
  Pick<
    AttentionPanelHost,
    'chooseHead' | 'revealToken' | 'traceSelection' | 'retry' | 'chooseModel'
  >
>;

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const head = { site: v.string(), head: index };
const headOrMean = { ...head, head: v.union([index, v.literal('mean')]) };

/** The attention view in the side bar. Remembers what to show while the view is not there. */
export class AttentionPanel implements vscode.WebviewViewProvider, vscode.Disposable {
  static readonly viewId = 'headlight.attention';

  private state: AttentionPanelState = { kind: 'empty' };
  private channel: ViewChannel<AttentionPanelHost, AttentionPanelView> | undefined;
  private readonly checks: ReferenceChecks;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly engine: EngineClient,
    private readonly actions: AttentionPanelActions,
    /** What stands around the traced text; undefined where its document is closed. */
    private readonly furtherTexts: () => string[] | undefined,
    private readonly log: { error(message: string): void },
  ) {
    this.checks = new ReferenceChecks(engine);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const channel = new ViewChannel<AttentionPanelHost, AttentionPanelView>(
      view.webview,
      this.methods(),
      this.log,
    );
    this.channel = channel;
    view.onDidDispose(() => {
      channel.dispose();
      if (this.channel === channel) {
        this.channel = undefined;
      }
    });
    setPage(view.webview, this.extensionUri, 'attention');
  }

  /**
   * Shows something new, now or when the view is opened. What the engine was asked about a trace stays
   * with it.
   */
  show(state: AttentionPanelState): void {
    const now = this.state;
    if (state.kind === 'trace' && now.kind === 'trace' && isSame(state, now)) {
      const { check, effect, scores } = now;
      this.display({
        ...state,
        ...(check && { check }),
        ...(effect && { effect }),
        ...(scores && { scores }),
      });
    } else {
      this.checks.stop();
      this.display(state);
    }
  }

  dispose(): void {
    this.checks.stop();
    this.channel?.dispose();
  }

  private display(state: AttentionPanelState): void {
    this.state = state;
    this.channel?.tell('show', state);
  }

  private async verify(): Promise<void> {
    const { state } = this;
    if (state.kind === 'trace') {
      await this.checks.verify(state.trace, (check) =>
        this.change(state, ({ check: _, ...rest }) => ({ ...rest, ...(check && { check }) })),
      );
    }
  }

  private async ablate(choice: HeadId): Promise<void> {
    const { state } = this;
    if (state.kind === 'trace') {
      await this.checks.ablate(state.trace, choice, (effect) =>
        this.change(state, ({ effect: _, ...rest }) => ({ ...rest, ...(effect && { effect }) })),
      );
    }
  }

  private async measureScores(): Promise<void> {
    const { state } = this;
    if (state.kind === 'trace') {
      await this.checks.measureScores(state.trace, (scores) =>
        this.change(state, ({ scores: _, ...rest }) => ({ ...rest, ...(scores && { scores }) })),
      );
    }
  }

  private async ablateElsewhere(choice: HeadId): Promise<void> {
    const { state } = this;
    if (state.kind !== 'trace') {
      return;
    }
    const { effect } = state;
    if (effect?.kind === 'done' && effect.site === choice.site && effect.head === choice.head) {
      await this.checks.ablateElsewhere(state.trace, choice, effect, this.furtherTexts(), (more) =>
        this.change(state, (now) => ({ ...now, effect: more })),
      );
    }
  }

  /** Shows a trace in another state, if it is still the one on screen. */
  private change(about: TraceState, change: (now: TraceState) => TraceState): void {
    const now = this.state;
    if (now.kind === 'trace' && isSame(now, about)) {
      this.display(change(now));
    }
  }

  private methods(): ViewMethods<AttentionPanelHost> {
    const { engine, actions } = this;
    return {
      ready: { params: v.undefined(), run: () => this.state },
      thumbnails: {
        params: v.object({ trace: v.string(), site: v.string(), size: index }),
        run: (params) => engine.call('thumbnails', params),
      },
      headMap: {
        params: v.object({ trace: v.string(), ...headOrMean }),
        run: async (params) => {
          const { reading, rows, statistics, ...map } = await engine.call('headMap', params);
          return {
            ...rowsOfTokens(map, rows),
            reading: [
              reading === undefined
                ? { text: meanWords(), meaning: meanMeaning() }
                : { text: headWords(reading), meaning: headMeaning(reading) },
              ...(rows === undefined
                ? []
                : [{ text: rowWords(rows, params.head), meaning: rowMeaning() }]),
            ].map(translateSentence),
            statistics,
          };
        },
      },
      headScores: {
        params: v.object({ trace: v.string(), ...head }),
        run: async ({ trace, site, head }) => {
          const sites = await engine.call('headScores', { trace });
          const scores = sites.find((candidate) => candidate.site === site)?.heads[head];
          return translateSentence({ text: scoreWords(scores), meaning: scoreMeaning() });
        },
      },
      chooseHead: {
        params: v.object(headOrMean),
        run: (choice) => {
          if (this.state.kind === 'trace') {
            this.state = { ...this.state, choice };
          }
          return actions.chooseHead(choice);
        },
      },
      revealToken: {
        params: v.object({ component: v.picklist(['encoder', 'decoder']), token: index }),
        run: (params) => actions.revealToken(params),
      },
      // Their outcome is told as it comes.
      verify: { params: v.undefined(), run: () => void this.verify() },
      measureScores: { params: v.undefined(), run: () => void this.measureScores() },
      ablate: { params: v.object(head), run: (choice) => void this.ablate(choice) },
      ablateElsewhere: {
        params: v.object(head),
        run: (choice) => void this.ablateElsewhere(choice),
      },
      stopChecking: { params: v.undefined(), run: () => this.checks.stop() },
      traceSelection: { params: v.undefined(), run: () => actions.traceSelection() },
      retry: { params: v.undefined(), run: () => actions.retry() },
      chooseModel: { params: v.undefined(), run: () => actions.chooseModel() },
    };
  }
}

type TraceState = Extract<AttentionPanelState, { kind: 'trace' }>;

function isSame(one: TraceState, other: TraceState): boolean {
  return one.trace.trace === other.trace.trace;
}
