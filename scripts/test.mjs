// node scripts/test.mjs [check|unit|webview|integration|e2e|all] [GREP|FILE]: runs tests, closes with their count.
import path from 'node:path';
import { command } from '../tools/command.mjs';
import { installPackages } from '../tools/install.mjs';
import { root } from '../tools/root.mjs';
import * as stages from '../tools/stages.mjs';

const names = ['check', 'unit', 'webview', 'integration', 'e2e'];

await command(async () => {
  const [which = 'all', what = ''] = process.argv.slice(2);
  if (which !== 'all' && !names.includes(which)) {
    console.error(`There is no stage "${which}". Stages: ${names.join(', ')}, all.`);
    return 2;
  }
  const choice = what.endsWith('.test.ts')
    ? { file: path.relative(root, path.resolve(what)).replaceAll('\\', '/'), grep: '' }
    : { grep: what };

  const outcomes = [];
  // Without a name of its own, the check would pass for any that no test has.
  const all = what === '' ? names : names.filter((name) => name !== 'check');
  for (const name of which === 'all' ? all : [which]) {
    console.log(`── ${name} ${'─'.repeat(60 - name.length)}`);
    const outcome = await runStage(name, choice);
    outcomes.push(outcome);
    console.log(`${name}: ${describe(outcome)}\n`);
  }

  const total = outcomes.reduce((sum, one) => ({
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    skipped: sum.skipped + one.skipped,
  }));
  if (total.passed + total.failed === 0) {
    console.error(`No test matches "${what}".`);
    total.failed = 1;
  }
  console.log(describe(total));
  return total.failed > 0 ? 1 : 0;
});

/**
 * A stage that throws counts as one failure, and so does a stage without a single executed test,
 * unless the reader asked for certain tests only.
 *
 * @param {string} name
 * @param {import('../tools/stages.mjs').Choice} choice
 * @returns {Promise<import('../tools/stages.mjs').Outcome>}
 */
async function runStage(name, choice) {
  try {
    await installPackages();
    const outcome = await stages[name](choice);
    const chosen = choice.grep !== '' || choice.file !== undefined;
    if (outcome.passed + outcome.failed > 0 || chosen) return outcome;
    console.error('No test ran.');
    return { ...outcome, failed: 1 };
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** @param {import('../tools/stages.mjs').Outcome} outcome */
function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
