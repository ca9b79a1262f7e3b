import { randomUUID } from 'node:crypto';
import type { TraceSummary } from '../shared/attention';
import { Failure, phrase } from '../shared/failure';
import type { AttentionTrace } from '../trace/attentionTrace';

/** How many traces are kept. The panel shows one; a second makes a quick comparison possible. */
const KEPT = 2;

/** The traces that the engine holds, by id. The oldest one goes when there are too many. */
export class Traces {
  private readonly byId = new Map<string, AttentionTrace>();

  /** Takes a trace in and gives it its id. */
  add(trace: AttentionTrace): TraceSummary {
    const id = randomUUID();
    this.byId.set(id, trace);
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
    const trace = this.byId.get(id);
    if (trace === undefined) {
      throw new Failure({
        kind: 'gone',
        what: phrase('The engine no longer has this trace'),
        todo: phrase('trace the text again'),
      });
    }
    return trace;
  }

  release(id: string): void {
    this.byId.delete(id);
  }
}
