import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { bytesOfMaps, fitTrace } from '../../../src/trace/fitTrace';

const attention = { heads: 6, layers: { self: 2, masked: 1, cross: 1 } };

suite('trace/fitTrace', () => {
  test('keeps what fits', () => {
    const wanted = { encoder: 100, decoder: 40 };
    assert.deepEqual(fitTrace(wanted, attention, 512), wanted);
  });

  test('keeps of each sequence what the model can see', () => {
    assert.deepEqual(fitTrace({ encoder: 600, decoder: 40 }, attention, 512), {
      encoder: 512,
      decoder: 40,
    });
    assert.deepEqual(fitTrace({ encoder: 0, decoder: 600 }, attention, 512), {
      encoder: 0,
      decoder: 512,
    });
  });

  test('counts the maps of the largest layer, to the byte', () => {
    const wanted = { encoder: 30, decoder: 20 };
    const bytes = 4 * 6 * 30 * 30;
    assert.deepEqual(fitTrace(wanted, attention, 512, bytes), wanted);
    // With one byte less both get the side of the square that is left.
    assert.deepEqual(fitTrace(wanted, attention, 512, bytes - 1), { encoder: 29, decoder: 20 });
    const decoderOnly = { heads: 6, layers: { self: 0, masked: 9, cross: 0 } };
    assert.deepEqual(fitTrace({ encoder: 0, decoder: 30 }, decoderOnly, 512, 4 * 6 * 100), {
      encoder: 0,
      decoder: 10,
    });
  });

  test('4,096 tokens of 16 heads are the most, however many layers there are', () => {
    const wanted = { encoder: 0, decoder: 32768 };
    const deep = { heads: 16, layers: { self: 0, masked: 200, cross: 0 } };
    assert.equal(fitTrace(wanted, deep, 32768).decoder, 4096);
  });

  test('all maps together are those of all layers of all kinds', () => {
    assert.equal(
      bytesOfMaps({ encoder: 30, decoder: 20 }, attention),
      4 * 6 * (2 * 30 * 30 + 20 * 20 + 20 * 30),
    );
  });
});
