import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { fitTrace } from '../../../src/trace/fitTrace';

const heads = { self: 6, masked: 4, cross: 4 };

suite('trace/fitTrace', () => {
  test('keeps what fits', () => {
    const wanted = { encoder: 100, decoder: 40 };
    assert.deepEqual(fitTrace(wanted, heads, 512), wanted);
  });

  test('keeps of each sequence what the model can see', () => {
    assert.deepEqual(fitTrace({ encoder: 600, decoder: 40 }, heads, 512), {
      encoder: 512,
      decoder: 40,
    });
    assert.deepEqual(fitTrace({ encoder: 0, decoder: 600 }, heads, 512), {
      encoder: 0,
      decoder: 512,
    });
  });

  test('counts the maps of all kinds, to the byte', () => {
    const wanted = { encoder: 30, decoder: 20 };
    const bytes = 4 * (6 * 30 * 30 + 4 * 20 * 20 + 4 * 20 * 30);
    assert.deepEqual(fitTrace(wanted, heads, 512, bytes), wanted);
    // With one byte less both get the side of the square that is left: √(37599 / 4 / 14).
    assert.deepEqual(fitTrace(wanted, heads, 512, bytes - 1), { encoder: 25, decoder: 20 });
  });

  test('a single sequence gets all the memory', () => {
    const alone = { self: 0, masked: 4, cross: 0 };
    const wanted = { encoder: 0, decoder: 1000 };
    assert.deepEqual(fitTrace(wanted, alone, 2000, 4 * 4 * 100 * 100), {
      encoder: 0,
      decoder: 100,
    });
  });

  test('half a gigabyte is the most', () => {
    const wanted = { encoder: 0, decoder: 32768 };
    const { decoder } = fitTrace(wanted, { self: 0, masked: 512, cross: 0 }, 32768);
    assert.equal(decoder, 512);
  });
});
