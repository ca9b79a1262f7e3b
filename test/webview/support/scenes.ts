import { traceNotes } from '../../../src/host/panels/traceNotes';
import { explain, translate, translateSentence } from '../../../src/host/messages';
import type { EngineClient } from '../../../src/host/engine/engineClient';
import type { HeadId, TraceSummary } from '../../../src/shared/attention';
import type { AttentionPanelState } from '../../../src/shared/attentionPanel';
import { Failure, phrase } from '../../../src/shared/failure';
import { defaultHead } from '../../../src/shared/defaultHead';
import type { Effect } from '../../../src/shared/referenceRun';
import { effectSentences } from '../../../src/wording/effect/effectSentences';
import { elsewhereHint } from '../../../src/wording/effect/elsewhereSentences';
import type { PanelPage } from './panelPage';
import { l10n } from './vscode';

/** Traces by the models that Headlight brings. */
export interface SceneTraces {
  decoder: TraceSummary;
  translation: TraceSummary;
}

/** Traces by the model that fills masks: of a text, and of one with a blank. */
export interface MaskTraces {
  masked: TraceSummary;
  blank: TraceSummary;
}

/** Brings a page to a state that users see. */
export type Scene<T = SceneTraces> = (at: PanelPage, traces: T) => Promise<void>;

/** @throws Failure */
export async function traceForScenes(engine: EngineClient): Promise<SceneTraces> {
  const decoder = await engine.call('trace', {
    model: { bundled: 'complete' },
    text: 'The parser reads 服务器 😀 and\n\twrites the configuration; the parser of `settings` closes it.',
  });
  const translation = await engine.call('trace', {
    model: { bundled: 'translate' },
    text: 'The file could not be opened because the connection to the server was lost.',
  });
  return { decoder, translation };
}

/** @throws Failure */
export async function masksForScenes(engine: EngineClient): Promise<MaskTraces> {
  const model = { bundled: 'fillMask' } as const;
  const masked = await engine.call('trace', {
    model,
    text: 'The server closes the connection if the client sends no request.',
  });
  const blank = await engine.call('trace', { model, text: 'The [MASK] could not be opened.' });
  return { masked, blank };
}

/** The state in which the panel shows a trace. */
export function stateOf(
  trace: TraceSummary,
  more: Partial<Extract<AttentionPanelState, { kind: 'trace' }>> = {},
): AttentionPanelState {
  return {
    kind: 'trace',
    trace,
    document: 'welcome.md',
    inEditor: ['encoder', 'decoder'],
    notes: traceNotes(trace),
    choice: defaultHead(trace.sites),
    ...more,
  };
}

/** The head that a decoder's trace opens with. */
export function firstHead({ sites }: TraceSummary): HeadId {
  return { site: sites[0]?.id ?? '', head: 0 };
}

/** Every state that the panel has. */
export const scenes: Record<string, Scene> = {
  async empty({ panel, page }) {
    panel.show({ kind: 'empty' });
    await page.locator('.message h1').waitFor();
  },

  async 'a call that failed'({ panel, page }) {
    panel.show({ kind: 'empty' });
    await page.locator('.message vscode-button').click();
    await page.locator('.notice .failure').waitFor();
  },

  async tracing({ panel, page }) {
    panel.show({ kind: 'tracing', label: l10n.t('Tracing the selection…') });
    await page.locator('.message.tracing').waitFor();
  },

  async failed({ panel, page }) {
    panel.show({
      kind: 'failed',
      notice: {
        kind: 'failure',
        message: explain(missingModel),
        remedies: ['retry', 'chooseModel'],
      },
    });
    await page.locator('.failure vscode-button').nth(1).waitFor();
  },

  async 'a trace of a text that was changed'(at, { decoder }) {
    at.panel.show(
      stateOf(decoder, {
        notice: {
          kind: 'remark',
          message: l10n.t('The text has been changed since it was traced.'),
          remedies: ['traceAgain'],
        },
      }),
    );
    await drawn(at);
    await at.page.locator('.remark-box vscode-button').waitFor();
  },

  async 'a trace that failed beside the one before'(at, { decoder }) {
    at.panel.show(
      stateOf(decoder, {
        notice: {
          kind: 'failure',
          message: explain(missingModel),
          remedies: ['retry', 'chooseModel'],
        },
      }),
    );
    await drawn(at);
    await at.page.locator('.failure vscode-button').nth(1).waitFor();
  },

  async trace(at, { decoder }) {
    at.panel.show(stateOf(decoder));
    await drawn(at);
  },

  async 'a trace with notes and long names'(at, { decoder }) {
    const cut: TraceSummary = {
      ...decoder,
      model: { ...decoder.model, name: 'multilingual-e5-large-instruct-quantized-avx2-uint8' },
      truncation: { used: 1024, total: 2931, context: 1024, kept: 'start' },
      mapless: [{ component: 'decoder', maps: 6, layers: 24 }],
    };
    at.panel.show(stateOf(cut, { document: 'a-document-with-a-rather-long-name.test.tsx' }));
    await drawn(at);
  },

  async 'a cell that is pointed at'(at, { decoder }) {
    at.panel.show(stateOf(decoder));
    await drawn(at);
    await at.page.locator('.plot').hover({ position: { x: 8, y: 60 } });
  },

  async verified(at, { decoder }) {
    at.panel.show(stateOf(decoder));
    await drawn(at);
    await at.page.locator('.check .check-button').click();
    await at.page.locator('.check .check-button.agrees').click();
    await at.page.locator('.check-table').waitFor();
  },

  async 'a check within rounding'(at, { decoder }) {
    // What was found of a trace stays with it.
    at.panel.show({ kind: 'empty' });
    const badge = l10n.t('Agrees within float16 rounding: |Δ| {0}, bound {1}', '0.012', '0.15');
    const columns = { part: '', value: '', limit: '' };
    const words = { badge, explanation: [], title: '', columns, rows: [] };
    at.panel.show(stateOf(decoder, { check: { kind: 'done', verdict: 'rounded', ...words } }));
    await drawn(at);
    await at.page.locator('.check-button.rounded').waitFor();
  },

  async verifying(at, { decoder }) {
    const label = l10n.t('Running the reference Transformer: {0} of {1} layers', 12, 24);
    at.panel.show(stateOf(decoder, { check: { kind: 'running', label } }));
    await drawn(at);
  },

  async 'a check that failed'(at, { decoder }) {
    const message = explain(missingModel);
    at.panel.show(
      stateOf(decoder, {
        check: { kind: 'failed', message },
        effect: { ...firstHead(decoder), kind: 'failed', message },
      }),
    );
    await drawn(at);
  },

  async 'what a head is good for'(at, { decoder }) {
    at.panel.show(stateOf(decoder));
    await drawn(at);
    await at.page.locator('.effect .check-button').click();
    await answered(at, 0);
  },

  async 'measuring more of the document'(at, { decoder }) {
    const label = l10n.t('Measuring further pieces of the document: {0} of {1} done', 3, 20);
    const found: Effect = {
      way: 'before',
      tokens: Array.from({ length: 30 }, (_, index) => ({
        token: index + 1,
        before: 0.25,
        after: 0.25 + index / 1000,
      })),
      ratable: 30,
      meanLogChange: -0.011,
      standardError: 0.021,
      divergence: 0.017,
      position: 0,
      top: [],
    };
    // What was said of the same trace before would stay.
    at.panel.show({ kind: 'empty' });
    at.panel.show(
      stateOf(decoder, {
        effect: {
          ...firstHead(decoder),
          kind: 'done',
          sentences: effectSentences(found, decoder.sequences).map(translateSentence),
          elsewhereHint: translate(elsewhereHint(found)),
          elsewhere: { kind: 'running', label },
        },
      }),
    );
    await askedFor(at);
  },

  async 'asking what a head is good for'(at, { decoder }) {
    const label = l10n.t('Running the reference Transformer: {0} of {1} layers', 12, 24);
    const effect = { ...firstHead(decoder), kind: 'running', label } as const;
    at.panel.show({ kind: 'empty' });
    at.panel.show(stateOf(decoder, { effect }));
    await askedFor(at);
  },

  async 'a head on random tokens'(at, { decoder }) {
    at.panel.show(stateOf(decoder));
    await drawn(at);
    await at.page.locator('.scores .check-button').click();
    await at.page.locator('.scores-answer:not(:empty):not(:has(vscode-progress-ring))').waitFor();
    await at.page.mouse.move(0, 0);
  },

  async 'source and result'(at, { translation }) {
    at.panel.show(stateOf(translation));
    await drawn(at);
    await at.page.locator('.alignment [role="option"]').last().hover();
    await at.page.locator('.painted').first().waitFor();
  },

  async encoder(at, { translation }) {
    at.panel.show(stateOf(translation));
    await drawn(at);
    await at.page.getByRole('tab').first().click();
    await drawn(at);
  },

  async 'characters in parts'(at, { decoder }) {
    at.panel.show(stateOf(decoder));
    await drawn(at);
    await at.page.locator('.heat-map').scrollIntoViewIfNeeded();
  },

  async 'maps that cannot be had'({ panel, page }, { decoder }) {
    panel.show(stateOf({ ...decoder, trace: 'gone' }));
    await page.locator('.overview .failure').waitFor();
    await page.locator('.detail .failure').waitFor();
  },
};

/** States that the panel has with a model that fills masks alone. */
export const maskScenes: Record<string, Scene<MaskTraces>> = {
  async 'what a head is good for, on more of the document'(at, { masked }) {
    at.panel.show(stateOf(masked));
    await drawn(at);
    const ask = at.page.locator('.effect .check-button');
    await ask.click();
    await answered(at, 0);
    await ask.click();
    await answered(at, 1);
  },

  async 'what a head is good for in a blank'(at, { blank }) {
    at.panel.show(stateOf(blank));
    await drawn(at);
    await at.page.locator('.effect .check-button').click();
    await answered(at, 0);
  },
};

/** What a folder without a model fails with; its name is long. */
export const missingModel = new Failure({
  kind: 'model',
  what: phrase('There is no such model folder'),
  where:
    '/home/someone/models/huggingface/hub/models--organisation--a-model-of-24-layers/snapshots',
  remedy: phrase('choose the folder of a model, or leave the setting empty to use the bundled one'),
});

/** Waits until the head's map and the thumbnails in sight are drawn. */
async function drawn({ page }: PanelPage): Promise<void> {
  await page.locator('.detail-body:not([aria-busy]) .plot').waitFor();
  const row = '.head-group:not([hidden]) .head-row[role="row"]';
  // Thumbnails out of sight are not drawn, and the scene before may have scrolled.
  await page.locator(row).nth(1).scrollIntoViewIfNeeded();
  await page.locator(`${row}:not([aria-busy])`).nth(1).waitFor();
}

/** Waits until the head's map is drawn and the view says that the reference Transformer works. */
async function askedFor({ page }: PanelPage): Promise<void> {
  await page.locator('.detail-body:not([aria-busy]) .plot').waitFor();
  await page.locator('.effect-answer .check-status').waitFor();
}

/** Waits for the sentences about a head: first those on the text, then those on more of the document. */
async function answered({ page }: PanelPage, which: 0 | 1): Promise<void> {
  await page.locator('.effect-answer').nth(which).locator('.explained').first().waitFor();
  // What was clicked has moved, and something else would lie under the pointer.
  await page.mouse.move(0, 0);
}
