import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { root } from './root';
import type { Stage } from './stage';

/** How long something may take to show before a test fails, in milliseconds. */
const patience = 30_000;

/** VS Code's own themes: as the setting names them, as the picker does, and as the page shows. */
const themes = {
  dark: { setting: 'Dark Modern', label: 'Dark Modern', pageClass: 'vs-dark' },
  light: { setting: 'Light Modern', label: 'Light Modern', pageClass: 'vs' },
  'high contrast': {
    setting: 'Default High Contrast',
    label: 'Dark High Contrast',
    pageClass: 'hc-black',
  },
} as const;

export type Theme = keyof typeof themes;

export interface WorkbenchOptions {
  /** Files that are put into the workspace, a copy of media/sample/, before it opens. */
  files?: Record<string, string>;
  /** The file that is open at the start, relative to the workspace. */
  file?: string;
  /** User settings on top of those of every test. */
  settings?: Record<string, unknown>;
  theme?: Theme;
  /** The display language; English unless said otherwise. */
  language?: 'zh-cn';
}

/** A rectangle on the page, in CSS pixels. */
interface Box {
  left: number;
  right: number;
  middle: number;
}

/**
 * The real VS Code workbench in a browser, with the packaged extension installed, driven as a user
 * drives it: keys, the mouse, and what is on the screen.
 */
export class Workbench {
  private constructor(
    /** For what this class does not offer. */
    readonly page: Page,
    /** The workspace's folder, on this machine. */
    readonly folder: string,
    private readonly context: BrowserContext,
    private readonly stage: Stage,
  ) {}

  /**
   * Opens a fresh workspace in a fresh browser profile and waits until the extension is there.
   *
   * @param opened is told of the workbench before the waiting begins, so that a workbench that
   *   never gets ready can still be looked at and closed
   */
  static async open(
    browser: Browser,
    stage: Stage,
    { files = {}, file = 'welcome.md', settings = {}, theme = 'dark', language }: WorkbenchOptions,
    opened: (workbench: Workbench) => void,
  ): Promise<Workbench> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'headlight-workspace-'));
    cpSync(path.join(root, 'media/sample'), folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }

    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    if (language !== undefined) {
      addLanguagePack(stage, language);
      await context.addCookies([{ name: 'vscode.nls.locale', value: language, url: stage.url }]);
    }
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const workbench = new Workbench(page, folder, context, stage);
    opened(workbench);

    const startSettings = { ...settings, 'workbench.colorTheme': themes[theme].setting };
    writeFileSync(stage.userSettings, settingsText(stage, startSettings));
    const payload = [['openFile', `vscode-remote://${stage.authority}${path.join(folder, file)}`]];
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
    await page.goto(`${stage.url}/?${query.toString()}`);
    await page.locator(`.monaco-workbench.${themes[theme].pageClass}`).waitFor();
    await workbench.editor.locator('.view-line').first().waitFor();
    await workbench.activity('Headlight').waitFor();
    return workbench;
  }

  /** Closes the page and forgets its workspace. */
  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The text editor that has the focus, or had it last. */
  get editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor[role="code"]').first();
  }

  /**
   * Replaces the user settings by those of every test and `settings` on top, as a user does: in
   * their file. Written from outside, the file sometimes changes without the workbench noticing.
   */
  async setSettings(settings: Record<string, unknown>): Promise<void> {
    await this.palette('Preferences: Open User Settings (JSON)');
    // It opens above the workbench, which keeps its editors and its selection.
    const dialog = this.page.locator('.monaco-modal-editor-block', { hasText: 'settings.json' });
    await dialog.locator('.view-line').first().click();
    await this.press('ControlOrMeta+A');
    const text = settingsText(this.stage, settings);
    await this.page.evaluate((contents) => navigator.clipboard.writeText(contents), text);
    await this.press('ControlOrMeta+V');
    await this.press('ControlOrMeta+S');
    const deadline = Date.now() + patience;
    while (readFileSync(this.stage.userSettings, 'utf8') !== text) {
      assert.ok(Date.now() < deadline, 'the settings were not saved');
      await this.page.waitForTimeout(50);
    }
    await dialog.getByRole('button', { name: /^Close/ }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /**
   * Opens a file of the workspace alone, as it is on the disk: nothing that was typed, opened or said
   * in a test before is left. The log, the panel and the settings stay.
   */
  async startOver(file: string): Promise<void> {
    for (const dirty of await this.page.locator('.tab.dirty').all()) {
      await dirty.click();
      await this.palette('File: Revert File');
    }
    await this.page.locator('.tab.dirty').first().waitFor({ state: 'detached' });
    await this.palette('View: Close All Editors');
    await this.page.locator('.tab').first().waitFor({ state: 'detached' });
    await this.palette('Notifications: Clear All Notifications');
    await this.status(/Headlight: \d+ tokens/).waitFor({ state: 'detached' });
    await this.press('ControlOrMeta+P');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.fill(file);
    await this.page
      .locator('.quick-input-list .monaco-list-row.focused', { hasText: file })
      .waitFor();
    await this.press('Enter');
    await this.page.locator('.tab.active', { hasText: file }).waitFor();
    await this.editor.locator('.view-line').first().waitFor();
  }

  /** Runs a command by its full title, "Headlight: Complete Selection", from the palette. */
  async palette(command: string): Promise<void> {
    await this.findCommand(command);
    await this.pick(command);
  }

  /** Chooses an entry of the quick pick that is open. */
  async pick(label: string): Promise<void> {
    const exact = new RegExp(`^${label.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
    const labels = this.page.locator('.quick-input-list .monaco-list-row .label-name');
    await labels.filter({ hasText: exact }).first().click();
  }

  /** The titles that the palette offers for `query`, best first. */
  async commands(query: string): Promise<string[]> {
    await this.findCommand(query);
    const rows = this.page.locator('.quick-input-list .monaco-list-row .label-name');
    await rows.first().waitFor();
    const titles = await rows.allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles.map(plain);
  }

  private async findCommand(query: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor();
    await input.fill(`>${query}`);
  }

  /**
   * Selects text with the mouse. It must stand within one line on the screen; of several places the
   * first is taken.
   */
  async select(text: string): Promise<void> {
    const box = await this.boxOf(text);
    await this.page.mouse.click(box.left, box.middle);
    await this.page.keyboard.down('Shift');
    await this.page.mouse.click(box.right, box.middle);
    await this.page.keyboard.up('Shift');
    await this.status(new RegExp(`\\(${text.length} selected\\)`)).waitFor();
  }

  /** Selects a word with a double click. */
  async selectWord(word: string): Promise<void> {
    const box = await this.boxOf(word);
    await this.page.mouse.dblclick((box.left + box.right) / 2, box.middle);
    await this.status(new RegExp(`\\(${word.length} selected\\)`)).waitFor();
  }

  /** Puts the cursor behind `text`. */
  async placeCursorAfter(text: string): Promise<void> {
    const box = await this.boxOf(text);
    await this.page.mouse.click(box.right, box.middle);
  }

  /** Types into whatever has the focus. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Presses keys, in Playwright's notation: "Escape", "ControlOrMeta+Z". */
  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  /** The lines of the focused editor that are on the screen; a wrapped line counts as several. */
  async visibleLines(): Promise<string[]> {
    const lines = await this.editor.locator('.view-line').evaluateAll((elements) =>
      elements
        .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.map(plain);
  }

  /** Saves the focused editor and reads its file. */
  async savedText(file: string): Promise<string> {
    await this.press('ControlOrMeta+S');
    await this.page.locator('.tab.active:not(.dirty)').waitFor();
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  /**
   * Rests the pointer on `text` until a hover shows that holds certain words, and answers the hover.
   * Until its contents are there it says that it is loading.
   */
  async hover(text: string, words: string | RegExp): Promise<Locator> {
    const box = await this.boxOf(text);
    // A pointer that rests there already causes no hover.
    await this.page.mouse.move(0, 0);
    await this.page.mouse.move((box.left + box.right) / 2, box.middle, { steps: 3 });
    // Tooltips of the workbench are hovers too, but not resizable ones.
    const hovers = this.page.locator('.monaco-resizable-hover .monaco-hover:not(.hidden)');
    const hover = hovers.filter({ hasText: words }).first();
    await hover.waitFor();
    return hover;
  }

  /** The notifications on the screen that hold `text`. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  /** The messages of all notifications on the screen. */
  async notifications(): Promise<string[]> {
    const messages = this.page.locator('.notifications-toasts .notification-list-item-message');
    return (await messages.allInnerTexts()).map(plain);
  }

  /** An item of the status bar, by its text or its label for screen readers. */
  status(text: string | RegExp): Locator {
    const items = this.page.locator('.statusbar-item');
    return items
      .filter({ hasText: text })
      .or(items.filter({ has: this.page.getByLabel(text) }))
      .first();
  }

  /** An entry of the activity bar, by its title. */
  activity(title: string): Locator {
    // The item and not the link in it, which a badge may cover.
    return this.page.locator(`.activitybar .action-item:has(a[aria-label^="${title}"])`);
  }

  /** The contents of the extension's view in the side bar, or of its editor: one of them must be open. */
  view(): FrameLocator {
    const ours = 'iframe.webview.ready[src*="extensionId=headlight.headlight"]';
    return this.page
      .frameLocator(`[data-parent-flow-to-element-id=""] > ${ours}`)
      .frameLocator('iframe#active-frame');
  }

  /** Picks a colour theme, as a user does, and waits until it is on the screen. */
  async setTheme(theme: Theme): Promise<void> {
    const { label, pageClass } = themes[theme];
    await this.palette('Preferences: Color Theme');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.fill(label);
    await this.pick(label);
    await this.page.locator(`.monaco-workbench.${pageClass}`).waitFor();
  }

  /** Takes a picture of the whole workbench: test/e2e/screenshots/NAME.png. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(this.stage.screenshots, `${name}.png`) });
  }

  /**
   * Where a piece of text stands in the focused editor. One highlighted line consists of many
   * elements and plain prose of a single one, so a range of characters is measured.
   */
  private async boxOf(text: string): Promise<Box> {
    await this.editor.locator('.view-line').filter({ hasText: text }).first().waitFor();
    const box = await this.editor.evaluate((editor, wanted) => {
      for (const line of editor.querySelectorAll('.view-line')) {
        const start = line.textContent.replaceAll('\u00a0', ' ').indexOf(wanted);
        if (start < 0) continue;
        const range = document.createRange();
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        let seen = 0;
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const length = (node.textContent ?? '').length;
          const from = start - seen;
          const to = start + wanted.length - seen;
          if (from >= 0 && from < length) range.setStart(node, from);
          if (to > 0 && to <= length) range.setEnd(node, to);
          seen += length;
        }
        const { left, right, top, bottom } = range.getBoundingClientRect();
        return { left, right, middle: (top + bottom) / 2 };
      }
      return undefined;
    }, text);
    assert.ok(box, `"${text}" does not stand within one line of the screen`);
    return box;
  }
}

/**
 * Makes a display language known to the server, as the language packs of the marketplace do. The
 * workbench's own sentences stay English: what this is for are those of the extension.
 */
function addLanguagePack(stage: Stage, language: string): void {
  const folder = path.join(stage.folder, 'user-data');
  const sentences = path.join(folder, `${language}.i18n.json`);
  writeFileSync(sentences, JSON.stringify({ contents: {} }));
  const pack = {
    hash: 'headlight',
    label: language,
    // The server lists languages by the extension that brought them.
    extensions: [{ extensionIdentifier: { id: 'headlight.language-pack' }, version: '1.0.0' }],
    translations: { vscode: sentences },
  };
  writeFileSync(path.join(folder, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
  // Without this file the server takes every page to be English.
  writeFileSync(path.join(path.dirname(stage.userSettings), 'argv.json'), '{}');
}

function settingsText(stage: Stage, settings: Record<string, unknown>): string {
  return JSON.stringify({ ...stage.settings, ...settings }, null, 2);
}

/** The editor draws spaces as no-break spaces. */
function plain(text: string | null): string {
  return (text ?? '').replaceAll('\u00a0', ' ');
}
