import '../ui/base.css';
import './inspector.css';
import type {
  InspectorHost,
  InspectorProgress,
  InspectorState,
  InspectorView,
} from '../../src/shared/inspector';
import { connectToHost } from '../ui/host';
import { HostState } from '../ui/hostState';
import { showView } from '../ui/page';
import { Inspector } from './inspector';
import { Memory } from './memory';

const told = new HostState<InspectorState>();
/** What reads all weights tells how far it is; of the rest, a folder on a slow network takes longest. */
const PATIENCE_SECONDS = 300;

const { host, recall, remember } = connectToHost<InspectorHost, InspectorView, InspectorProgress>(
  { show: (state) => told.tell(state) },
  PATIENCE_SECONDS,
);
showView(<Inspector host={host} told={told} memory={new Memory(recall, remember)} />);
