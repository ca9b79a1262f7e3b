import * as v from 'valibot';

/** What happened in a session, as ONNX Runtime's profiler wrote it. Unit: microseconds. */
export interface ProfiledRun {
  /** How long the run took. */
  duration: number;
  nodes: ProfiledNode[];
}

/** One call of a node. */
export interface ProfiledNode {
  name: string;
  operator: string;
  duration: number;
  /** Whether nodes ran within it, those of a branch or body: its own work is to choose them. */
  isAround: boolean;
  /** Bytes that the runtime's memory had in use at most so far, where it tells. */
  peak?: number;
}

const event = v.object({
  cat: v.string(),
  name: v.string(),
  ts: v.number(),
  dur: v.number(),
  tid: v.optional(v.number()),
  args: v.optional(v.record(v.string(), v.unknown())),
});
type Event = v.InferOutput<typeof event>;

/** How the profiler calls the call of a node. */
const KERNEL = '_kernel_time';

/**
 * Reads what the profiler has written: events of Chrome's trace format.
 * @returns the runs, in their order; undefined where the text is none of its files.
 */
export function profiledRuns(text: string): ProfiledRun[] | undefined {
  const parsed = parse(text);
  if (parsed === undefined) {
    return undefined;
  }
  const events = parsed.flatMap((each) => {
    const found = v.safeParse(event, each);
    return found.success ? [found.output] : [];
  });
  const runs = events.filter(({ cat, name }) => cat === 'Session' && name === 'model_run');
  const nodes = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith(KERNEL));
  return runs
    .toSorted((a, b) => a.ts - b.ts)
    .map((run) => ({
      duration: run.dur,
      nodes: calls(nodes.filter(({ ts }) => ts >= run.ts && ts <= run.ts + run.dur)),
    }));
}

function parse(text: string): unknown[] | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function calls(events: readonly Event[]): ProfiledNode[] {
  const around = new Set<Event>();
  const open: Event[] = [];
  // Of two that begin together, the longer one is around the other.
  for (const each of events.toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)) {
    while (open.length > 0 && !isWithin(each, open.at(-1))) {
      open.pop();
    }
    const outer = open.at(-1);
    if (outer !== undefined && HOLDS_GRAPHS.has(operatorOf(outer))) {
      around.add(outer);
    }
    open.push(each);
  }
  return events.map((each) => {
    const peak = Number(each.args?.['mem_in_use_peak']);
    return {
      name: each.name.slice(0, -KERNEL.length),
      operator: operatorOf(each),
      duration: each.dur,
      isAround: around.has(each),
      ...(peak > 0 ? { peak } : {}),
    };
  });
}

/** Operators with graphs inside; others may end in the same microsecond in which the next one begins. */
const HOLDS_GRAPHS: ReadonlySet<string> = new Set(['If', 'Loop', 'Scan', 'SequenceMap']);

function operatorOf({ args }: Event): string {
  const operator = args?.['op_name'];
  return typeof operator === 'string' ? operator : '';
}

function isWithin(inner: Event, outer: Event | undefined): boolean {
  return (
    outer !== undefined && inner.ts >= outer.ts && inner.ts + inner.dur <= outer.ts + outer.dur
  );
}
