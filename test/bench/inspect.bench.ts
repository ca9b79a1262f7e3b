import { reportLargeOutline } from './inspect/largeOutline';
import { reportModelDiff } from './inspect/modelDiff';
import { reportShapeCoverage } from './inspect/shapeCoverage';
import { reportTensorStatistics } from './inspect/tensorStatistics';

/* What the inspector costs, part by part: all of them, or the one that is named. */

const PARTS = {
  outline: reportLargeOutline,
  shapes: reportShapeCoverage,
  diff: reportModelDiff,
  tensors: reportTensorStatistics,
};

async function report(): Promise<void> {
  const [name = ''] = process.argv.slice(2);
  // A part may run this program again, with options of its own.
  const chosen = Object.entries(PARTS).filter(([part]) => name === '' || name.includes(part));
  for (const [, run] of chosen) {
    await run();
  }
}

void report();
