import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import type { AttentionKind, TopTarget } from '../../../src/shared/attention';
import { informationShare, monotonicity, stepsOfStrongest } from '../../../src/trace/alignment';
import { headKind, KIND_OF_TARGET } from '../../../src/trace/headKind';
import { positionalSkill } from '../../../src/trace/positionalSkill';
import { topTargets } from '../../../src/trace/topTargets';
import { targetShare, type AttentionTarget } from '../../../src/trace/targetShare';
import { root } from '../../support/root';
import { characterTokens } from '../../support/trace/characterTokens';

/** What `test/fixtures/trace/labels.py` writes. */
interface Case {
  name: string;
  kind: AttentionKind;
  queries: string;
  keys: string;
  map: number[];
  shares: Partial<Record<AttentionTarget, { figure: number; chance: number; counted: number }>>;
  evenness: number;
  positional?: { overlap: number; uniform: number; skill: number };
  information?: number;
  monotone?: { correlation: number; places: number };
  steps?: { ratio: number; limit: number };
  targets: TopTarget[];
}

const cases = JSON.parse(
  readFileSync(path.join(root, 'test/fixtures/trace/labels.json'), 'utf8'),
) as Case[];

/** The label that each map was made for, or what it must not be taken for. */
const LABELS: Record<string, string> = {
  previous: 'previousToken',
  next: 'nextToken',
  first: 'attentionSink',
  self: 'currentToken',
  separator: 'separator',
  'separator of three rows': 'mixed',
  'same token': 'duplicateToken',
  positional: 'positional',
  'sharp at random': 'mixed',
  broad: 'broad',
  aligned: 'aligning',
  permuted: 'mixed',
  'sharp at random between texts': 'mixed',
  'slowly moving': 'monotone',
};

const targets = Object.keys(KIND_OF_TARGET) as AttentionTarget[];

suite('trace: labels of heads, against numpy', () => {
  for (const { name, kind, map, ...expected } of cases) {
    const head = {
      kind,
      map: Float32Array.from(map),
      queries: characterTokens(expected.queries),
      keys: characterTokens(expected.keys),
    };

    test(`what the label rests on: ${name}`, () => {
      for (const [target, share] of Object.entries(expected.shares)) {
        const found = targetShare(head, target as AttentionTarget);
        close(found.figure, share.figure, target);
        close(found.chance, share.chance, target);
        assert.equal(found.queries.counted, share.counted, target);
      }
      if (expected.positional !== undefined) {
        const found = positionalSkill(head);
        close(found.overlap, expected.positional.overlap, 'overlap');
        close(found.uniform, expected.positional.uniform, 'uniform');
        close(found.skill, expected.positional.skill, 'skill');
      }
      if (expected.information !== undefined && expected.monotone !== undefined) {
        close(informationShare(head), expected.information, 'information');
        const { correlation, places } = monotonicity(head);
        close(correlation, expected.monotone.correlation, 'correlation');
        assert.equal(places, expected.monotone.places);
        const { ratio, limit } = stepsOfStrongest(head);
        // Of 100,000 random orders the mean is off by about 0.0005 and the deviation by 0.001.
        close(ratio, expected.steps?.ratio, 'ratio of steps', 5e-3);
        close(limit, expected.steps?.limit, 'limit of steps', 5e-3);
      }
    });

    test(`what is looked at most: ${name}`, () => {
      const found = topTargets(head);
      assert.deepEqual(
        found.map(({ target, label }) => [target, label]),
        expected.targets.map(({ target, label }) => [target, label]),
      );
      for (const [index, { figure, chance }] of found.entries()) {
        close(figure, expected.targets[index]?.figure, 'figure');
        close(chance, expected.targets[index]?.chance, 'chance');
      }
    });

    test(`the label, its figure and chance: ${name}`, () => {
      const reading = headKind(head);
      assert.equal(reading.kind, LABELS[name]);
      assert.ok(reading.kind !== 'tooShort');
      if (reading.kind === 'mixed') {
        assert.deepEqual(reading.targets, topTargets(head));
        return;
      }
      const { shares, positional, evenness, monotone, steps } = expected;
      const others: Record<string, [number | undefined, number | undefined]> = {
        positional: [positional?.overlap, positional?.uniform],
        broad: [evenness, 1],
        aligning: [steps?.ratio, 1],
        monotone: [monotone?.correlation, 0],
      };
      const share = targets.find((target) => KIND_OF_TARGET[target] === reading.kind);
      const { figure: mean, chance: byChance } = (share && shares[share]) ?? {};
      const [figure, chance] = others[reading.kind] ?? [mean, byChance];
      close(reading.figure, figure, 'figure', reading.kind === 'aligning' ? 5e-3 : 1e-6);
      close(reading.chance, chance, 'chance');
    });
  }
});

function close(found: number, expected: number | undefined, what: string, tolerance = 1e-6): void {
  assert.ok(Math.abs(found - (expected ?? NaN)) <= tolerance, `${what}: ${found}, not ${expected}`);
}
