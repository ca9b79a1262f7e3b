import '../ui/base.css';
import './inspector.css';
import type { InspectorHost, InspectorState, InspectorView } from '../../src/shared/inspector';
import { connectToHost } from '../ui/host';
import { HostState } from '../ui/hostState';
import { showView } from '../ui/page';
import { Inspector } from './inspector';

const told = new HostState<InspectorState>();
/** A check reads all weights, of which a file may have many gigabytes. */
const PATIENCE_SECONDS = 1800;

const { host, recall, remember } = connectToHost<InspectorHost, InspectorView>(
  { show: (state) => told.tell(state) },
  PATIENCE_SECONDS,
);
showView(<Inspector host={host} told={told} recall={recall} remember={remember} />);
