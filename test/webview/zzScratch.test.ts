import path from 'node:path';
import { suite, test } from 'mocha';
import { root } from '../support/root';
import { usePanelStage } from './support/browser';
import { openInspector } from './support/inspectorView';

const stacks = [
  { file: '', component: 'encoder', width: 160, embedding: { vocabulary: 4096, width: 160, parameters: 655360, scale: Math.sqrt(160) },
    positions: [{ kind: 'sinusoidal', positions: 128, width: 160 }],
    blocks: [{ first: 0, count: 4, parameters: 268192, parts: [
      { kind: 'attention', attention: 'self', site: 'x', heads: 5, headSize: 32, norms: ['afterSum'], norm: 'layerNorm', parameters: 103040, isParallel: false },
      { kind: 'feedForward', widths: [160, 512, 160], activation: 'GELU', isGated: false, norms: ['afterSum'], norm: 'layerNorm', parameters: 164512, isParallel: false } ] }] },
  { file: '', component: 'decoder', width: 160, embedding: { vocabulary: 4096, width: 160, parameters: 655360, scale: Math.sqrt(160) },
    positions: [{ kind: 'sinusoidal', positions: 128, width: 160 }],
    blocks: [{ first: 0, count: 2, parameters: 371552, parts: [
      { kind: 'attention', attention: 'masked', site: 'x', heads: 5, headSize: 32, norms: ['before'], norm: 'layerNorm', parameters: 103040, isParallel: false },
      { kind: 'attention', attention: 'cross', site: 'x', heads: 5, headSize: 32, norms: ['before', 'beforeSum'], norm: 'layerNorm', parameters: 103040, isParallel: false },
      { kind: 'feedForward', widths: [160, 512, 160], activation: 'GELU', isGated: false, norms: ['afterSum'], norm: 'layerNorm', parameters: 164512, isParallel: false } ] }],
    finalNorm: 'layerNorm',
    unembedding: { outputs: 4096, width: 160, parameters: 655360, isTied: true } },
];
const bytes = (elements: unknown[]) => ({ elements, bytes: elements });
const cost = { path: '', graphs: [
  { file: '', component: 'encoder', operations: [{ coefficient: 2.1e6, powers: { batch: 1, source: 1 } }, { coefficient: 2560, powers: { batch: 1, source: 2 } }], attentionOperations: [], cache: bytes([]), maps: [bytes([{ coefficient: 20, powers: { batch: 1, source: 2 } }])], uncounted: 0 },
  { file: '', component: 'decoder', operations: [{ coefficient: 2.6e6, powers: { batch: 1, tokens: 1 } }, { coefficient: 1280, powers: { batch: 1, tokens: 1, past: 1 } }, { coefficient: 1280, powers: { batch: 1, tokens: 1, source: 1 } }], attentionOperations: [], cache: bytes([{ coefficient: 2560, powers: { batch: 1, past: 1 } }, { coefficient: 2560, powers: { batch: 1, source: 1 } }]), maps: [bytes([{ coefficient: 20, powers: { batch: 1, tokens: 1, source: 1 } }])], uncounted: 0 },
], weightBytes: 12.7e6, weights: 2512192, context: 128 };

suite('zz scratch', () => {
  const stage = usePanelStage();
  for (const [theme, width, language] of [['dark', 1200, 'en'], ['light', 500, 'en'], ['high contrast', 900, 'zh-cn'], ['light', 1200, 'zh-cn']] as const) {
    test(`${theme} ${width}`, async () => {
      const { engine } = stage;
      const call = engine.call.bind(engine) as (...args: unknown[]) => unknown;
      engine.call = ((method: string, ...rest: unknown[]) =>
        method === 'stack' ? Promise.resolve(stacks) : method === 'cost' ? Promise.resolve(cost) : call(method, ...rest)) as typeof engine.call;
      const view = await openInspector(stage.browser, engine, path.join(root, 'models/headlight-translate-en-zh'), { width, theme, language, height: 900 });
      view.page.on('console', (m) => console.log(m.text()));
      view.page.on('pageerror', (m) => console.log(m));
      await view.page.waitForTimeout(1500);
      await view.page.screenshot({ path: path.join('/tmp/wt/shots', `insp-${theme.replace(' ', '')}-${width}-${language}.png`), fullPage: true });
      await view.close();
    });
  }
});
