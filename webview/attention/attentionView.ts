import type { AttentionPanelState } from '../../src/shared/attentionPanel';
import { Failure } from '../../src/shared/failure';
import type { ColorMap } from '../ui/colorMap';
import { element } from '../ui/element';
import type { TraceState, ViewContext } from './context';
import { emptyMessage, failureMessage, messageOf, tracingMessage } from './messages';
import { Notice } from './notice';
import { TraceView } from './traceView';

/** The whole view: one of four states, as the host says, and a line for calls that failed. */
export class AttentionView {
  private readonly notice = element('div', 'notice');
  private readonly remark: Notice;
  private readonly stage = element('div', 'stage');
  private trace: TraceView | undefined;
  /** Counts the states shown, to tell whether an answer is older than what is on screen. */
  private shown = 0;

  constructor(
    root: HTMLElement,
    private readonly context: ViewContext,
  ) {
    const { host, strings } = context;
    this.remark = new Notice(strings.remedies, {
      retry: () => this.retry(),
      traceAgain: () => this.retry(),
      chooseModel: () => this.ask(host.chooseModel()),
    });
    root.replaceChildren(this.notice, this.remark.element, this.stage);
  }

  /** Asks the host what to show, and shows it unless the host has meanwhile said so unasked. */
  async start(): Promise<void> {
    const before = this.shown;
    try {
      const state = await this.context.host.ready();
      if (this.shown === before) {
        this.show(state);
      }
    } catch (error) {
      if (this.shown === before) {
        const { strings } = this.context;
        const onRetry = (): void => void this.start();
        this.present(failureMessage(messageOf(error, strings), { label: strings.retry, onRetry }));
      }
    }
  }

  /** Shows a state in place of whatever is on screen. */
  show(state: AttentionPanelState): void {
    this.shown++;
    this.notice.replaceChildren();
    const { host, strings } = this.context;
    this.remark.show('notice' in state ? state.notice : undefined);
    switch (state.kind) {
      case 'empty':
        this.present(emptyMessage(strings, () => this.ask(host.traceSelection())));
        break;
      case 'tracing':
        this.present(tracingMessage(state.label));
        break;
      case 'failed':
        this.present(element('div', ''));
        break;
      case 'trace':
        this.showTrace(state);
        break;
    }
  }

  /** Repaints in the colours of another theme. */
  recolor(colors: ColorMap): void {
    this.context.colors = colors;
    this.trace?.recolor(colors);
  }

  private showTrace(state: TraceState): void {
    if (this.trace?.update(state)) {
      return;
    }
    const memory = this.context.recall();
    const trace = new TraceView(
      state,
      {
        ...this.context,
        act: (call) => this.ask(call),
        recovery: (error, again) =>
          error instanceof Failure && error.kind === 'gone' ? () => this.retry() : again,
      },
      memory?.trace === state.trace.trace ? memory : undefined,
    );
    this.present(trace.element);
    this.trace = trace;
  }

  private present(content: HTMLElement): void {
    this.trace?.dispose();
    this.trace = undefined;
    this.stage.replaceChildren(content);
  }

  private retry(): void {
    this.ask(this.context.host.retry());
  }

  /** Waits for a call whose only answer is that it is done, and says so if it could not be. */
  private ask(call: Promise<void>): void {
    const before = this.shown;
    this.notice.replaceChildren();
    call.catch((error: unknown) => {
      // Once the host has shown another state, that one says how things stand.
      if (this.shown === before) {
        this.notice.replaceChildren(failureMessage(messageOf(error, this.context.strings)));
      }
    });
  }
}
