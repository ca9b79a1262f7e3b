import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { TrackedRange, type TextChange } from '../../../../src/host/editor/trackedRange';

/** Every case starts with “cd” of “abcdef”: 2…4. */
const cases: {
  title: string;
  change: TextChange;
  start?: number;
  end?: number;
  broken?: true;
}[] = [
  { title: 'text before it', change: at(0, 0, 3), start: 5, end: 7 },
  { title: 'text exactly at its start', change: at(2, 0, 3), start: 5, end: 7 },
  { title: 'a removal before it', change: at(0, 1, 0), start: 1, end: 3 },
  { title: 'a removal up to its start', change: at(0, 2, 0), start: 0, end: 2 },
  { title: 'a replacement up to its start', change: at(1, 1, 4), start: 5, end: 7 },
  { title: 'text exactly at its end', change: at(4, 0, 3) },
  { title: 'a removal behind it', change: at(4, 2, 0) },
  { title: 'text far behind it', change: at(6, 0, 3) },
  { title: 'text inside', change: at(3, 0, 1), broken: true },
  { title: 'a removal inside', change: at(2, 1, 0), broken: true },
  { title: 'a removal of all of it', change: at(2, 2, 0), broken: true },
  { title: 'a removal over its start', change: at(1, 2, 0), broken: true },
  { title: 'a removal over its end', change: at(3, 2, 0), broken: true },
  { title: 'a replacement around it', change: at(0, 6, 6), broken: true },
];

suite('host/trackedRange', () => {
  for (const { title, change, start = 2, end = 4, broken } of cases) {
    test(`${title} ${broken ? 'ends it' : start === 2 ? 'leaves it' : 'moves it'}`, () => {
      const range = new TrackedRange(2, 4);
      range.apply(change);
      assert.equal(range.intact, broken === undefined);
      if (!broken) {
        assert.deepEqual([range.start, range.end], [start, end]);
      }
    });
  }

  test('an empty stretch moves with text at its place and ends when its place is removed', () => {
    const moved = new TrackedRange(3, 3);
    moved.apply(at(3, 0, 2));
    assert.deepEqual([moved.start, moved.end, moved.intact], [5, 5, true]);
    const ended = new TrackedRange(3, 3);
    ended.apply(at(2, 2, 0));
    assert.equal(ended.intact, false);
  });

  test('it grows at its end, and moves as a whole afterwards', () => {
    const range = new TrackedRange(2, 2);
    range.extend(3);
    assert.deepEqual([range.start, range.end], [2, 5]);
    range.apply(at(0, 1, 0));
    assert.deepEqual([range.start, range.end], [1, 4]);
    range.apply(at(2, 0, 1));
    assert.equal(range.intact, false);
  });

  test('what is broken stays broken', () => {
    const range = new TrackedRange(2, 4);
    range.apply(at(3, 0, 1));
    range.apply(at(0, 0, 1));
    assert.equal(range.intact, false);
  });
});

function at(offset: number, removed: number, inserted: number): TextChange {
  return { offset, removed, inserted };
}
