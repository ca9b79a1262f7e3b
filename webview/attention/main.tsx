import '../ui/base.css';
import './attention.css';
import type {
  AttentionPanelHost,
  AttentionPanelState,
  AttentionPanelView,
} from '../../src/shared/attentionPanel';
import { connectToHost } from '../ui/host';
import { HostState } from '../ui/hostState';
import { showView } from '../ui/page';
import { AttentionView } from './attentionView';

const told = new HostState<AttentionPanelState>();
const { host, recall, remember } = connectToHost<AttentionPanelHost, AttentionPanelView>({
  show: (state) => told.tell(state),
});
showView(<AttentionView host={host} told={told} recall={recall} remember={remember} />);
