import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What keeps a fresh VS Code from asking, greeting, updating or reporting. */
export const quietSettings = {
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/** On top of that, what keeps the pictures and timings of a test from changing by themselves. */
export const testSettings = {
  ...quietSettings,
  'editor.cursorBlinking': 'solid',
  'editor.hover.delay': 100,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'files.autoSave': 'off',
  'git.enabled': false,
  'npm.autoDetect': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'window.restoreWindows': 'none',
  'workbench.colorTheme': 'Dark Modern',
  'workbench.editor.restoreViewState': false,
};

/** The environment of a server in a test: without a marketplace, for tests need no network. */
export const testEnvironment = { ...process.env, EXTENSIONS_GALLERY: '{}' };

/**
 * @param {string} folder one that holds `user-data/`
 * @returns {string} the settings file of its user
 */
export function settingsFile(folder) {
  return path.join(folder, 'user-data/User/settings.json');
}

/**
 * @param {string} folder one that holds `user-data/`
 * @param {Record<string, unknown>} settings
 * @returns {string} the settings file of its user
 */
export function writeSettings(folder, settings) {
  const file = settingsFile(folder);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(settings, null, 2));
  return file;
}
