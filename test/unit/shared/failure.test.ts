import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { asFailure, Failure, inEnglish, phrase } from '../../../src/shared/failure';

const data = {
  kind: 'model',
  what: phrase('The file has {0} bytes of {1}', 3, 'five'),
  where: 'onnx/model.onnx',
  remedy: phrase('take it again'),
} as const;

suite('shared/failure', () => {
  test('phrases take their arguments, each once', () => {
    assert.equal(inEnglish(phrase('{1} before {0}, {0}', 'a', 2)), '2 before a, a');
    assert.equal(inEnglish(phrase('“{0}”', '{1}', 'x')), '“{1}”', 'arguments are no templates');
    assert.equal(inEnglish(phrase('{0} {1}', 0)), '0 {1}', 'what is missing stays visible');
  });

  test('the message says what is wrong, where, and what to do', () => {
    const { message } = new Failure(data);
    assert.equal(message, 'The file has 3 bytes of five (onnx/model.onnx): take it again');
    const { where: _, ...nowhere } = data;
    assert.equal(new Failure(nowhere).message, 'The file has 3 bytes of five: take it again');
  });

  test('a name of megabytes is quoted in part, in the sentence and in the place', () => {
    const name = `start${'x'.repeat(5 * 2 ** 20)}end`;
    const { message, data: carried } = new Failure({
      ...data,
      what: phrase('Tensor “{0}”', name),
      where: name,
    });
    assert.ok(message.length < 2100, `${message.length} characters`);
    assert.match(message, /^Tensor “startx+…x+end” \(startx+…x+end\)/);
    assert.ok(JSON.stringify(carried).length < 2200);
    assert.equal(phrase('{0}', 'x'.repeat(1000)).args[0], 'x'.repeat(1000));
    const faces = inEnglish(phrase('{0}', '😀'.repeat(1000)));
    assert.doesNotMatch(faces, /\p{Cs}/u, 'half a character');
  });

  test('a phrase in another one is put in by its words', () => {
    const sentence = phrase('{0} and {1}', phrase('the token before ({0}%)', '12'), 'x');
    assert.equal(inEnglish(sentence), 'the token before (12%) and x');
  });

  test('the data make the same failure again', () => {
    const failure = new Failure(data);
    const copy = structuredClone(failure.data);
    assert.deepEqual(copy, data);
    assert.equal(new Failure(copy).message, failure.message);
    const { where: _, ...nowhere } = data;
    assert.deepEqual(Object.keys(new Failure(nowhere).data).sort(), ['kind', 'remedy', 'what']);
  });

  test('a failure stays itself; anything else becomes one and stays its cause', () => {
    const failure = new Failure(data);
    assert.equal(asFailure(failure), failure);
    const cause = new RangeError('out of reach');
    const made = asFailure(cause);
    assert.equal(made.kind, 'runtime');
    assert.equal(made.cause, cause);
    assert.match(made.message, /out of reach/);
    assert.match(asFailure('plain words').message, /plain words/);
  });
});
