import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import './graph.css';
import type { RemoteInspector } from '../../../src/shared/inspector';
import type { ModuleGraph } from '../../../src/shared/moduleGraph';
import { FailureMessage } from '../../ui/failureMessage';
import { ProgressRing } from '../../ui/toolkit';
import { useRequest } from '../../ui/useRequest';
import { figure } from '../figure';
import { Lead } from '../lead';
import type { Memory } from '../memory';
import type { Place } from '../place';
import { GraphView } from './graphView';
import { graphLead } from './graphLead';
import { fileName, type GraphChoice } from './graphFiles';
import { Choices } from '../../ui/choices';

export interface GraphTabProps {
  host: RemoteInspector;
  memory: Memory;
  /** A node to choose. */
  place: Place | undefined;
  /** The user goes to a tensor. */
  onShow: (place: Place) => void;
}

/** The graphs of a model, of which one is drawn. */
export function GraphTab({ host, ...props }: GraphTabProps): VNode {
  const {
    value: graphs,
    failure,
    again,
  } = useRequest((options) => host.graphs(undefined, options), [host]);
  if (failure !== undefined) {
    return <FailureMessage error={failure} onRetry={again} />;
  }
  return graphs === undefined ? (
    <div class="graph-waiting">
      <ProgressRing />
    </div>
  ) : (
    <Graphs graphs={graphs} host={host} {...props} />
  );
}

function Graphs({
  graphs,
  host,
  memory,
  place,
  onShow,
}: GraphTabProps & { graphs: readonly ModuleGraph[] }): VNode {
  const [file, setFile] = useState(() => {
    const kept = memory.of('graph')['file'];
    return graphs.find((graph) => fileName(graph.file) === kept)?.file ?? graphs[0]?.file;
  });
  useLayoutEffect(() => {
    if (place?.tensor === undefined && graphs.some((graph) => graph.file === place?.file)) {
      setFile(place?.file);
    }
  }, [graphs, place]);
  const graph = graphs.find((each) => each.file === file);
  useLayoutEffect(() => {
    if (file !== undefined) {
      memory.keep('graph', { ...memory.of('graph'), file: fileName(file) });
    }
  }, [memory, file]);
  const choices = useMemo(
    (): GraphChoice[] => graphs.map((each) => ({ value: each.file, label: fileName(each.file) })),
    [graphs],
  );
  if (graph === undefined || graph.nodes.length === 0) {
    return <p class="graph-waiting quiet">{l10n.t('The graph has no nodes.')}</p>;
  }
  return (
    <div class="graph">
      <Lead sentences={graphLead(graph, figure)} />
      {choices.length > 1 && (
        <div class="graph-files">
          <Choices
            label={l10n.t('Files of the model')}
            choices={choices}
            chosen={graph.file}
            onChoose={setFile}
          />
        </div>
      )}
      <GraphView
        key={graph.file}
        graph={graph}
        host={host}
        memory={memory}
        place={place}
        onShow={onShow}
      />
    </div>
  );
}
