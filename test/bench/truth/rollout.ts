import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openModel } from '../../../src/engine/openModel';
import { rollout } from '../../../src/engine/tasks/rollout';
import { trace } from '../../../src/engine/tasks/trace';
import { root } from '../../support/root';

/** What `test/fixtures/trace/jacobian.py` writes, by model. */
type Dependence = Record<
  string,
  {
    text: string;
    ids: number[];
    /** By position: the input token that what comes out there depends on most. */
    top: number[];
    /** The same with the position's own token left out. */
    topOther: number[];
  }[]
>;

/**
 * How often attention rollout and the Jacobian of the last layer by the embeddings name the same token
 * as the one that a position depends on most. Positions with one choice are left out.
 */
export async function rolloutFigures(): Promise<string[]> {
  const file = path.join(root, 'test/fixtures/trace/jacobian.json');
  const lines: string[] = [];
  for (const [name, sentences] of Object.entries(
    JSON.parse(readFileSync(file, 'utf8')) as Dependence,
  )) {
    const model = await openModel(path.join(root, 'models', name));
    const all = {
      same: 0,
      sameOther: 0,
      first: 0,
      jacobianFirst: 0,
      own: 0,
      jacobianOwn: 0,
      chance: 0,
    };
    let positions = 0;
    for (const { text, ids, top, topOther } of sentences) {
      const { signal } = new AbortController();
      const traced = await trace(model, text, undefined, signal);
      const { encoder, decoder } = traced.summary.sequences;
      const read = (encoder ?? decoder ?? []).map(({ id }) => id);
      if (read.join() !== ids.join()) {
        throw new Error(`“${text}” has other tokens than in ${file}`);
      }
      const [found] = await rollout(traced, signal);
      if (found === undefined) {
        throw new Error(`${name} has no layers`);
      }
      const { values, tokens, causal } = found;
      // The first two positions of a decoder have one token, and one other token, to choose from.
      for (let position = causal ? 2 : 0; position < tokens; position++) {
        const choices = causal ? position + 1 : tokens;
        const row = Array.from(values.subarray(position * tokens, position * tokens + choices));
        const best = row.indexOf(Math.max(...row));
        row[position] = -1;
        const bestOther = row.indexOf(Math.max(...row));
        positions += 1;
        all.same += Number(best === top[position]);
        all.sameOther += Number(bestOther === topOther[position]);
        all.first += Number(best === 0);
        all.jacobianFirst += Number(top[position] === 0);
        all.own += Number(best === position);
        all.jacobianOwn += Number(top[position] === position);
        all.chance += 1 / (choices - 1);
      }
    }
    const percent = (count: number): string => `${((100 * count) / positions).toFixed(1)} %`;
    lines.push(
      `${name}: ${positions} positions of ${sentences.length} sentences`,
      `  same top token                        ${percent(all.same)}`,
      `  the same, own token left out          ${percent(all.sameOther)}  (chance ${percent(all.chance)})`,
      `  top token is the first: rollout       ${percent(all.first)}, Jacobian ${percent(all.jacobianFirst)}`,
      `  top token is the own one: rollout     ${percent(all.own)}, Jacobian ${percent(all.jacobianOwn)}`,
    );
  }
  return lines;
}
