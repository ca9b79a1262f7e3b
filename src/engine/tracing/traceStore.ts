import { randomUUID } from 'node:crypto';
import type { TraceSummary } from '../../shared/attention';
import type { RequestedLanguages } from '../../shared/modelSummary';
import { Failure, phrase } from '../../shared/failure';
import type { AttentionTrace } from '../../trace/attentionTrace';

/** How many traces are kept. The panel shows one; a second makes a quick comparison possible. */
const KEPT = 2;

/** A trace, and the languages that its model was told. */
interface Held {
  trace: AttentionTrace;
  languages: RequestedLanguages | undefined;
}

/** The traces that the engine holds, by id. The oldest one goes when there are too many. */
export class TraceStore {
  private readonly byId = new Map<string, Held>();

  /** Takes a trace in and gives it its id. */
  add(trace: AttentionTrace, languages: RequestedLanguages | undefined): TraceSummary {
    const id = randomUUID();
    this.byId.set(id, { trace, languages });
    for (const oldest of this.byId.keys()) {
      if (this.byId.size <= KEPT) {
        break;
      }
      this.byId.delete(oldest);
    }
    return { trace: id, ...trace.summary };
  }

  /** @throws Failure `gone` */
  get(id: string): AttentionTrace {
    return this.held(id).trace;
  }

  /**
   * What the model was told when the trace was made.
   * @throws Failure `gone`
   */
  languages(id: string): RequestedLanguages | undefined {
    return this.held(id).languages;
  }

  release(id: string): void {
    this.byId.delete(id);
  }

  private held(id: string): Held {
    const held = this.byId.get(id);
    if (held === undefined) {
      throw new Failure({
        kind: 'gone',
        what: phrase('The engine no longer has this trace'),
        remedy: phrase('trace the text again'),
      });
    }
    return held;
  }
}
