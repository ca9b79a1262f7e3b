import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { profiledRuns } from '../../../../src/inspect/profile/profileEvents';

interface NewEvent {
  cat?: string;
  name: string;
  ts: number;
  dur: number;
  args?: object;
}

function written(events: NewEvent[]): string {
  return JSON.stringify(events.map((event) => ({ cat: 'Node', ph: 'X', args: {}, ...event })));
}

const run = (ts: number, dur: number): NewEvent => ({ cat: 'Session', name: 'model_run', ts, dur });

function node(name: string, operator: string, ts: number, dur: number, peak = 0): NewEvent {
  const args = { op_name: operator, ...(peak > 0 ? { mem_in_use_peak: String(peak) } : {}) };
  return { name: `${name}_kernel_time`, ts, dur, args };
}

suite('inspect/profile/profileEvents', () => {
  test('calls belong to the run that they are in, and runs are in their order', () => {
    const found = profiledRuns(
      written([
        run(200, 50),
        node('b', 'Add', 210, 5, 900),
        run(100, 50),
        node('a', 'MatMul', 110, 20, 800),
        { cat: 'Session', name: 'session_initialization', ts: 0, dur: 90 },
        { name: 'a_fence_before', ts: 109, dur: 1 },
      ]),
    );
    assert.deepEqual(found, [
      {
        duration: 50,
        nodes: [{ name: 'a', operator: 'MatMul', duration: 20, isAround: false, peak: 800 }],
      },
      {
        duration: 50,
        nodes: [{ name: 'b', operator: 'Add', duration: 5, isAround: false, peak: 900 }],
      },
    ]);
  });

  test('a node around others is told apart, one that begins where another ends is not', () => {
    const [found] =
      profiledRuns(
        written([
          run(0, 100),
          node('inner', 'Add', 12, 10),
          node('if', 'If', 10, 50),
          node('next', 'Mul', 60, 0),
          node('later', 'Mul', 70, 5),
        ]),
      ) ?? [];
    const around = found?.nodes.filter(({ isAround }) => isAround).map(({ name }) => name);
    assert.deepEqual(around, ['if']);
  });

  test('what is none of the profiler’s files is no profile', () => {
    for (const text of ['', '{', '{}', 'null', '[1, {"cat": 3}']) {
      assert.equal(profiledRuns(text), undefined, text);
    }
    assert.deepEqual(profiledRuns('[null, 1, {"cat": "Node"}]'), []);
  });
});
