import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type { RemoteInspector } from '../../../src/shared/inspector';
import type { GraphNode, GraphValue, ModuleGraph } from '../../../src/shared/moduleGraph';
import { FailureMessage } from '../../ui/failureMessage';
import { useRequest } from '../../ui/useRequest';
import { figure } from '../figure';
import type { Place } from '../place';
import { shownName } from '../shownName';
import type { Index } from './graphIndex';
import type { Chosen } from './graphPlace';
import { operatorWords } from './operatorWords';
import { shapeWords, type Symbols } from './shapeWords';

export interface DetailsProps {
  graph: ModuleGraph;
  index: Index;
  symbols: Symbols;
  chosen: Chosen | undefined;
  isOpen: boolean;
  host: RemoteInspector;
  onChoose: (chosen: Chosen) => void;
  onToggle: (module: number) => void;
  /** The user goes to a tensor. */
  onShow: (place: Place) => void;
}

/** What is chosen of a graph: a node with what it reads and makes, or a module. */
export function Details(props: DetailsProps): VNode {
  const { graph, chosen } = props;
  const node = chosen !== undefined && 'node' in chosen ? graph.nodes[chosen.node] : undefined;
  return (
    <aside class="graph-details" aria-label={l10n.t('The chosen part of the graph')}>
      {chosen === undefined ? (
        <p class="quiet">{l10n.t('Choose a part of the graph to see what it is.')}</p>
      ) : node !== undefined && 'node' in chosen ? (
        <NodeDetails key={chosen.node} {...props} node={node} at={chosen.node} />
      ) : 'module' in chosen ? (
        <ModuleDetails {...props} module={chosen.module} />
      ) : null}
    </aside>
  );
}

function NodeDetails({
  graph,
  symbols,
  node,
  at,
  host,
  ...props
}: DetailsProps & { node: GraphNode; at: number }): VNode {
  const { value, failure, again } = useRequest(
    (options) => host.nodeDetail({ file: graph.file, node: at }, options),
    [graph, at],
  );
  const words = operatorWords(node.operator);
  const read = node.inputs.filter((input) => input !== null);
  const made = node.outputs.filter((output) => output !== null);
  const shared = { ...props, graph, symbols, host };
  return (
    <>
      <h2>{shownName(node.operator)}</h2>
      {node.name !== '' && <p class="name">{shownName(node.name)}</p>}
      {words !== undefined && <p>{words}</p>}
      {node.site !== undefined && (
        <div class="site-note">
          <p>{l10n.t('Attention site')}</p>
          <p class="name">{node.site}</p>
          <p class="quiet">{mapWords(graph.values[made[0] ?? -1], symbols)}</p>
        </div>
      )}
      <ValueList title={l10n.t('Reads')} values={read} from {...shared} />
      <ValueList title={l10n.t('Makes')} values={made} from={false} {...shared} />
      {failure !== undefined && <FailureMessage error={failure} onRetry={again} />}
      {value !== undefined && value.attributes.length > 0 && (
        <section>
          <h3>{l10n.t('Attributes')}</h3>
          <dl class="attributes">
            {value.attributes.map(({ name, value: text }) => (
              <div key={name}>
                <dt>{shownName(name)}</dt>
                <dd>{shownName(text)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {value?.documentation !== undefined && (
        <section>
          <h3>{l10n.t('Reference')}</h3>
          <p>
            <a href={value.documentation}>
              {value.opset === undefined
                ? shownName(node.operator)
                : l10n.t('{0}, operator set {1}', shownName(node.operator), value.opset)}
            </a>
          </p>
        </section>
      )}
    </>
  );
}

/** Values with where they come from, or who reads them. */
function ValueList({
  title,
  values,
  from,
  graph,
  index,
  symbols,
  onChoose,
  onShow,
}: Omit<DetailsProps, 'chosen' | 'isOpen'> & {
  title: string;
  values: readonly number[];
  /** Whether their makers are told, or those who read them. */
  from: boolean;
}): VNode | null {
  if (values.length === 0) {
    return null;
  }
  const [before, behind] = (from ? l10n.t('from {0}', PLACE) : l10n.t('to {0}', PLACE)).split(
    PLACE,
  );
  return (
    <section>
      <h3>{title}</h3>
      <ul class="value-list">
        {values.slice(0, MOST_VALUES).map((at, position) => {
          const value = graph.values[at];
          const maker = index.maker(at);
          const others = from
            ? maker === undefined
              ? []
              : [maker]
            : index.readersOf(at).slice(0, MOST_READERS);
          const tensor = index.storedBehind(at);
          return (
            <li key={position}>
              <p class="name">{shownName(value?.name ?? '')}</p>
              <p class="quiet">
                {[value?.dtype, value && shapeWords(value, symbols)].filter(Boolean).join(', ')}
                {others.map((other) => (
                  <span key={other}>
                    {' · '}
                    {before}
                    <button type="button" class="link" onClick={() => onChoose({ node: other })}>
                      {shownName(graph.nodes[other]?.operator ?? '')}
                    </button>
                    {behind}
                  </span>
                ))}
                {tensor !== undefined && (
                  <>
                    {' · '}
                    <button
                      type="button"
                      class="link"
                      onClick={() => onShow({ file: graph.file, tensor })}
                    >
                      {l10n.t('Show in Weights')}
                    </button>
                  </>
                )}
              </p>
            </li>
          );
        })}
      </ul>
      {values.length > MOST_VALUES && (
        <p class="quiet">{l10n.t('and {0} more', figure(values.length - MOST_VALUES))}</p>
      )}
    </section>
  );
}

/** Where a link stands in words. */
const PLACE = '\n';

const MOST_VALUES = 40;
const MOST_READERS = 8;

function ModuleDetails({
  graph,
  index,
  module,
  isOpen,
  onToggle,
}: DetailsProps & { module: number }): VNode {
  const { type, nodes = 0, parameters = 0, equalTo } = graph.modules[module] ?? {};
  const first = equalTo ?? module;
  const equal = graph.modules.filter((each, at) => at === first || each.equalTo === first).length;
  return (
    <>
      <h2>{shownName(index.shortName(module))}</h2>
      <p class="name">{shownName(index.fullName(module))}</p>
      <dl class="attributes">
        {type !== undefined && (
          <div>
            <dt>{l10n.t('Class')}</dt>
            <dd>{shownName(type)}</dd>
          </div>
        )}
        <div>
          <dt>{l10n.t('Nodes')}</dt>
          <dd>{figure(nodes)}</dd>
        </div>
        <div>
          <dt>{l10n.t('Parameters')}</dt>
          <dd>{parameters === 0 ? l10n.t('none') : figure(parameters)}</dd>
        </div>
        {equal > 1 && (
          <div>
            <dt>{l10n.t('Equal blocks')}</dt>
            <dd>{figure(equal)}</dd>
          </div>
        )}
      </dl>
      <p>
        <button type="button" class="link" onClick={() => onToggle(module)}>
          {isOpen ? l10n.t('Close') : l10n.t('Open')}
        </button>
      </p>
    </>
  );
}

/** What a map has on its sides: heads, queries and keys. */
function mapWords(value: GraphValue | undefined, symbols: Symbols): string {
  const sizes = (value && shapeWords(value, symbols))?.split(' × ') ?? [];
  const [, heads, queries, keys] = sizes;
  return sizes.length === 4
    ? l10n.t('{0} heads × {1} queries × {2} keys', heads ?? '', queries ?? '', keys ?? '')
    : '';
}
