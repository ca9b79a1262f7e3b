import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RemoteInspector } from '../../../src/shared/inspector';
import type { ModuleGraph } from '../../../src/shared/moduleGraph';
import { FailureMessage } from '../../ui/failureMessage';
import { figure } from '../figure';
import type { Memory } from '../memory';
import type { Place } from '../place';
import { shownName } from '../shownName';
import { Details } from './details';
import { drawnGraph, type Box } from './drawnGraph';
import { fileName } from './graphFiles';
import { Index } from './graphIndex';
import {
  firstPlace,
  keptPlace,
  placeAt,
  recalledPlace,
  toggled,
  type Chosen,
  type GraphPlace,
} from './graphPlace';
import { edgeWords, layoutRequest } from './layoutRequest';
import { Picture } from './picture';
import { symbolsOf } from './shapeWords';
import { boxOf, choiceOf, neighbours, pathTo } from './steps';
import { textWidth } from './textWidth';
import { TreeList } from './treeList';
import { foundRows, MOST_FOUND, treeRows } from './treeRows';
import { useLayout } from './useLayout';

export interface GraphViewProps {
  graph: ModuleGraph;
  host: RemoteInspector;
  memory: Memory;
  place: Place | undefined;
  onShow: (place: Place) => void;
}

/** More boxes are not laid out: nobody could find a way through them, and it would take minutes. */
const MOST_BOXES = 1500;

/** One graph: its modules as a tree, a picture of those that are open, and what is chosen in detail. */
export function GraphView({ graph, host, memory, place: wanted, onShow }: GraphViewProps): VNode {
  const index = useMemo(() => new Index(graph), [graph]);
  const symbols = useMemo(() => symbolsOf(graph), [graph]);
  const part = `graph of ${fileName(graph.file)}`;
  const [place, setPlace] = useState<GraphPlace>(
    () => recalledPlace(memory.of(part), index) ?? firstPlace(graph, index),
  );
  useLayoutEffect(() => memory.keep(part, keptPlace(place, index)), [memory, part, place]);
  const [search, setSearch] = useState('');
  const searchBox = useRef<HTMLInputElement>(null);
  const { open, chosen } = place;
  const drawn = useMemo(
    () =>
      drawnGraph(graph, index, open, {
        parameters: figure,
        blocks: (count) => l10n.t('× {0} equal blocks', figure(count)),
        nodes: (count) => l10n.t('{0} nodes', figure(count)),
        site: l10n.t('attention site'),
      }),
    [graph, index, open],
  );
  const labels = useMemo(() => {
    const several = (count: number): string => l10n.t('{0} values', figure(count));
    return new Map(drawn.edges.map((edge) => [edge.id, edgeWords(edge, graph, symbols, several)]));
  }, [drawn, graph, symbols]);
  const isTooLarge = drawn.boxes.length > MOST_BOXES;
  const request = useMemo(
    () => (isTooLarge ? undefined : layoutRequest(drawn, labels, textWidth())),
    [drawn, labels, isTooLarge],
  );
  const { shown, isBusy, failure } = useLayout(drawn, request);
  const rows = useMemo(
    () =>
      search.trim() === ''
        ? treeRows(graph, index, open, l10n.t('site'))
        : foundRows(graph, index, symbols, search),
    [graph, index, symbols, open, search],
  );
  const choose = (next: Chosen): void => setPlace((before) => placeAt(before, next, index));
  const toggle = (module: number): void =>
    setPlace((before) => ({ ...toggled(before, module), chosen: { module } }));
  useLayoutEffect(() => {
    const node = wanted?.file === graph.file ? index.nodeAt(wanted) : undefined;
    if (node !== undefined) {
      choose({ node });
    }
  }, [graph, wanted]);

  const picture = shown?.about ?? drawn;
  const chosenBox = boxOf(picture, chosen);
  const chosenFrame =
    chosen !== undefined && 'module' in chosen && open.has(chosen.module)
      ? chosen.module
      : undefined;
  const lit = pathTo(picture, chosenBox);
  const step = (way: 'up' | 'down'): void => {
    const from = chosenBox ?? picture.boxes[0];
    const [next] = from === undefined ? [] : neighbours(picture, from, way);
    chooseBox(chosenBox === undefined ? from : next);
  };
  const chooseBox = (box: Box | undefined): void => {
    const next = box && choiceOf(box);
    if (next !== undefined) {
      choose(next);
    }
  };
  const press = (event: KeyboardEvent): void => {
    switch (event.key) {
      case 'ArrowUp':
        step('up');
        break;
      case 'ArrowDown':
        step('down');
        break;
      case 'ArrowRight':
      case 'Enter':
        if (chosenBox?.module !== undefined) {
          toggle(chosenBox.module);
        }
        break;
      case 'ArrowLeft': {
        const around = chosenFrame ?? chosenBox?.frame ?? 0;
        if (around !== 0) {
          toggle(around);
        }
        break;
      }
      case 'Escape':
        setPlace({ open, chosen: undefined });
        break;
      case '/':
        searchBox.current?.focus();
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  const legend = [...symbols].filter(([name, symbol]) => name !== symbol);
  return (
    <div class="graph-parts">
      <section
        class={search.trim() === '' ? 'graph-tree' : 'graph-tree searching'}
        aria-label={l10n.t('Modules and nodes')}
      >
        <input
          ref={searchBox}
          type="search"
          class="search"
          placeholder={l10n.t('Name, operator or shape')}
          aria-label={l10n.t('Search nodes by name, operator or shape')}
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
          onKeyDown={({ key }) => key === 'Escape' && setSearch('')}
        />
        {search.trim() !== '' && (
          <p class="quiet found" role="status">
            {rows.length === 0
              ? l10n.t('Nothing has that in its name, operator or shape.')
              : rows.length < MOST_FOUND
                ? l10n.t('{0} found', figure(rows.length))
                : l10n.t('The first {0}', figure(MOST_FOUND))}
          </p>
        )}
        <TreeList rows={rows} chosen={chosen} onChoose={choose} onToggle={toggle} />
      </section>
      <section class="graph-picture" aria-label={l10n.t('Picture of the graph')}>
        <p class="crumbs quiet" id="graph-chosen" role="status">
          {crumbs(graph, index, chosen)}
        </p>
        {isTooLarge ? (
          <p class="too-large">
            {l10n.t(
              'What is open has {0} parts, too many for a picture. Close some of it in the tree, or search for what you are after.',
              figure(drawn.boxes.length),
            )}
          </p>
        ) : failure !== undefined ? (
          <FailureMessage error={failure} />
        ) : shown === undefined ? (
          <div class="picture-frame" aria-busy="true" />
        ) : (
          <Picture
            drawn={shown.about}
            layout={shown.layout}
            labels={labels}
            isBusy={isBusy}
            chosen={chosenBox}
            chosenFrame={chosenFrame}
            lit={lit}
            onChoose={chooseBox}
            onChooseFrame={(module) => choose({ module })}
            onToggle={toggle}
            onKeyDown={press}
          />
        )}
        <p class="graph-legend quiet">
          <span>
            {legend.slice(0, MOST_SYMBOLS).map(([name, symbol], at) => (
              <span key={name}>
                {at > 0 && ', '}
                {symbol} = {shownName(name)}
              </span>
            ))}
          </span>
          {lit !== undefined && (
            <span>
              <span class="lit-key" aria-hidden="true" />{' '}
              {l10n.t('the shortest way from {0}', shownName(lit.input))}
            </span>
          )}
        </p>
      </section>
      <Details
        graph={graph}
        index={index}
        symbols={symbols}
        chosen={chosen}
        isOpen={chosen !== undefined && 'module' in chosen && open.has(chosen.module)}
        host={host}
        onChoose={choose}
        onToggle={toggle}
        onShow={onShow}
      />
    </div>
  );
}

/** Sizes that the legend names at most. */
const MOST_SYMBOLS = 8;

/** Where what is chosen stands: `encoder › layers › 0 › self_attn › Softmax`. */
function crumbs(graph: ModuleGraph, index: Index, chosen: Chosen | undefined): string {
  if (chosen === undefined) {
    return l10n.t('Nothing is chosen');
  }
  const node = 'node' in chosen ? graph.nodes[chosen.node] : undefined;
  const module = node?.module ?? ('module' in chosen ? chosen.module : 0);
  const names = index
    .pathOf(module)
    .slice(1)
    .map((each) => graph.modules[each]?.name ?? '');
  return [...names, ...(node === undefined ? [] : [node.operator])].map(shownName).join(' › ');
}
