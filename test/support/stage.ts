/** What tools/e2eStage.mjs set up for the end-to-end tests of a run. */
export interface Stage {
  /** Where the VS Code server serves the workbench. */
  url: string;
  /** The server's host and port, as remote URIs write them. */
  authority: string;
  /** Where the shared browser listens for Playwright. */
  browser: string;
  /** Everything that the server writes, its logs among it, lies below this folder. */
  folder: string;
  /** The settings file of the server's user. */
  userSettings: string;
  /** The settings of a test that asks for no others. */
  settings: Record<string, unknown>;
  /** Takes pictures and logs of tests that fail. */
  failures: string;
  screenshots: string;
}

/** @throws outside a run of `npm run test:e2e` */
export function stageOfThisRun(): Stage {
  const description = process.env['HEADLIGHT_E2E'];
  if (description === undefined) throw new Error('Run these tests with: npm run test:e2e');
  return JSON.parse(description) as Stage;
}
