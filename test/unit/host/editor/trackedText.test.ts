import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { TrackedText, type TextChange } from '../../../../src/host/editor/trackedText';

/** A document with a text that is followed in it. */
class Document {
  readonly tracked: TrackedText;

  constructor(
    private content: string,
    text: string,
  ) {
    this.tracked = new TrackedText(text, content.indexOf(text));
  }

  /** Makes changes one after the other and reports them at once, as the editor does. */
  change(...changes: [offset: number, removed: number, text: string][]): this {
    const made: TextChange[] = [];
    for (const [offset, removed, text] of changes) {
      this.content = this.content.slice(0, offset) + text + this.content.slice(offset + removed);
      made.push({ offset, removed, inserted: text.length });
    }
    this.tracked.apply(made, (start, end) => this.content.slice(start, end));
    return this;
  }

  get found(): string {
    return this.content.slice(this.tracked.start, this.tracked.end);
  }
}

/** Every case starts with “cd” of “abcdef”: 2…4. */
const cases: {
  title: string;
  change: [number, number, string];
  start?: number;
  changed?: true;
}[] = [
  { title: 'text before it', change: [0, 0, 'xyz'], start: 5 },
  { title: 'text exactly at its start', change: [2, 0, 'xyz'], start: 5 },
  { title: 'a removal before it', change: [0, 1, ''], start: 1 },
  { title: 'a removal up to its start', change: [0, 2, ''], start: 0 },
  { title: 'a replacement up to its start', change: [1, 1, 'wxyz'], start: 5 },
  { title: 'text exactly at its end', change: [4, 0, 'xyz'] },
  { title: 'a removal behind it', change: [4, 2, ''] },
  { title: 'text far behind it', change: [6, 0, 'xyz'] },
  { title: 'a replacement of the whole by one that has it', change: [0, 6, 'xxabcdef'], start: 4 },
  { title: 'text inside', change: [3, 0, 'x'], changed: true },
  { title: 'a removal inside', change: [2, 1, ''], changed: true },
  { title: 'a removal of all of it', change: [2, 2, ''], changed: true },
  { title: 'a removal over its start', change: [1, 2, ''], changed: true },
  { title: 'a removal over its end', change: [3, 2, ''], changed: true },
  { title: 'a replacement around it', change: [0, 6, 'uvwxyz'], changed: true },
];

suite('host/editor/trackedText', () => {
  for (const { title, change, start = 2, changed } of cases) {
    test(`${title} ${changed ? 'changes it' : start === 2 ? 'leaves it' : 'moves it'}`, () => {
      const document = new Document('abcdef', 'cd').change(change);
      const { tracked } = document;
      assert.equal(tracked.state, changed ? 'changed' : 'same');
      if (!changed) {
        assert.deepEqual([tracked.start, document.found], [start, 'cd']);
      }
    });

    test(`${title}, taken back, leaves it as it was`, () => {
      const [offset, removed, text] = change;
      const document = new Document('abcdef', 'cd').change(change);
      document.change([offset, text.length, 'abcdef'.slice(offset, offset + removed)]);
      const { tracked } = document;
      assert.deepEqual([tracked.state, tracked.start, document.found], ['same', 2, 'cd']);
      assert.equal(tracked.endless, false);
    });
  }

  test('blanks that a formatter puts and takes make no other text of it', () => {
    const document = new Document('f(a,b)\ng(c)\n', 'f(a,b)\ng(c)');
    document.change([8, 0, ' '], [4, 0, ' '], [0, 0, '  ']);
    assert.equal(document.tracked.state, 'reformatted');
    assert.equal(document.found, 'f(a, b)\ng (c)');
    document.change([0, 15, 'f(a,b)\r\ng(c)']);
    assert.equal(document.tracked.state, 'reformatted');
    assert.equal(document.found, 'f(a,b)\r\ng(c)');
  });

  test('the blanks that it begins and ends with stay its own, and a new line end does not', () => {
    const document = new Document('x\n  a b  ', '  a b  ').change([5, 0, ' ']);
    assert.equal(document.found, '  a  b  ');
    document.change([10, 0, '\n']);
    assert.equal(document.found, '  a  b  ');
  });

  test('blanks trimmed at its end leave the rest of it', () => {
    const document = new Document('the list of  \n', 'the list of  ').change([11, 2, '']);
    const { tracked } = document;
    assert.deepEqual([tracked.state, tracked.start, tracked.end], ['reformatted', 0, 11]);
    assert.equal(tracked.trimmed, '  ');
    document.change([11, 0, ' ']);
    assert.deepEqual([tracked.end, tracked.trimmed], [12, ' ']);
    document.change([11, 0, ' ']);
    assert.deepEqual([tracked.state, tracked.trimmed], ['same', '']);
  });

  test('of equal texts the nearest is taken when all of a document is replaced', () => {
    const lines = 'one\ntwo\none\ntwo\n';
    const document = new Document(lines, 'two').change([0, lines.length, `#\n${lines}`]);
    assert.equal(document.tracked.start, 6);
  });

  test('an equal text beside it does not stand in for one that was removed', () => {
    const document = new Document('one\none\n', 'one').change([0, 4, '']);
    assert.equal(document.tracked.state, 'changed');
  });

  test('edits inside leave its end, removals at its end lose it', () => {
    const typed = new Document('a list of', 'a list of').change([2, 0, 'long ']);
    assert.deepEqual([typed.tracked.state, typed.tracked.endless], ['changed', false]);
    assert.equal(typed.tracked.end, 14);
    const removed = new Document('a list of', 'a list of').change([6, 3, '']);
    assert.deepEqual([removed.tracked.state, removed.tracked.endless], ['changed', true]);
  });

  test('what is changed is moved along and grows by what is typed on to it', () => {
    const document = new Document('ab cd\n', 'cd').change([5, 0, 'e']).change([4, 0, 'x']);
    assert.equal(document.found, 'cxd');
    document.change([0, 0, '# ']).change([8, 0, 'y']);
    assert.equal(document.found, 'cxdy');
  });
});
