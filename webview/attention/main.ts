import '../ui/base.css';
import './attention.css';
import './notice.css';
import type {
  AttentionPanelHost,
  AttentionPanelStrings,
  AttentionPanelView,
} from '../../src/shared/attentionPanel';
import { connectToHost } from '../ui/host';
import { readColorMap, watchTheme } from '../ui/theme';
import { AttentionView } from './attentionView';
import { parseMemory } from './memory';

const strings = JSON.parse(required('strings').textContent) as AttentionPanelStrings;

const { host, recall, remember } = connectToHost<AttentionPanelHost, AttentionPanelView>(
  { show: (state) => view.show(state) },
  strings,
);
const view: AttentionView = new AttentionView(required('root'), {
  host,
  strings,
  colors: readColorMap(),
  recall: () => parseMemory(recall()),
  remember,
});
watchTheme(() => view.recolor(readColorMap()));
void view.start();

function required(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`The page lacks #${id}`);
  }
  return found;
}
