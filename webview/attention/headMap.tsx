import type { RefObject, VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import {
  keyTokens,
  queryTokens,
  type AttentionSite,
  type Component,
  type HeadChoice,
  type TraceSummary,
} from '../../src/shared/attention';
import type { ShownHead, TokenChoice } from '../../src/shared/attentionPanel';
import { distinctLabels, tokenLabels } from '../../src/shared/tokenLabel';
import type { GridPosition } from '../ui/gridMovement';
import { HeatMap } from '../ui/heatMap';
import { shownBy, usePointing } from '../ui/pointing';
import type { DescribedGrid } from '../ui/readout';
import { AlignmentStrips } from './alignmentStrips';
import { alignmentOf, type Alignment } from './alignmentWords';
import { useActions } from './context';
import { mapWords } from './mapWords';
import { revealedSide, sidesOf } from './siteGroups';

export interface HeadMapProps {
  trace: TraceSummary;
  /** The sequences whose tokens can be shown in the editor. */
  inEditor: readonly Component[];
  site: AttentionSite;
  head: HeadChoice['head'];
  /** One object for as long as it is on screen. */
  map: ShownHead;
  /** Where the keyboard's cell is at first. */
  cursor: GridPosition | undefined;
  /** The box that the map has to fit in. */
  box: RefObject<HTMLElement | null>;
  /** The keyboard's cell moved, or went away. */
  onCursor: (cursor: GridPosition | undefined) => void;
  onDrawn: () => void;
}

/** The map of a head, in cross-attention with its two texts above it. */
export function HeadMap(props: HeadMapProps): VNode {
  const { trace, inEditor, site, head, map, cursor, box, onCursor, onDrawn } = props;
  const { host, act } = useActions();
  const tokens = useMemo(
    () => ({ query: queryTokens(trace.sequences, site), key: keyTokens(trace.sequences, site) }),
    [trace, site],
  );
  const { grid, alignment } = useMemo(() => {
    const maximum = map.values.reduce((largest, value) => Math.max(largest, value), 0);
    const alignment = site.kind === 'cross' ? alignmentOf(map, maximum, tokens) : undefined;
    const words = mapWords(site, head, trace, inEditor);
    return { alignment, grid: { ...words, ...gridOf(map, maximum, site, tokens, alignment) } };
  }, [map]);
  const pointing = usePointing(grid, cursor);
  const { row, column } = shownBy(pointing);
  const reveal = (token: TokenChoice): void => act(host.revealToken(token));
  const revealCell = (cell: GridPosition): void => {
    const side = revealedSide(site);
    const component = sidesOf(site)[side];
    if (inEditor.includes(component)) {
      reveal({ component, token: side === 'query' ? cell.row : cell.column });
    }
  };
  return (
    <>
      {alignment && (
        <AlignmentStrips
          key={site.id}
          site={site}
          tokens={tokens}
          alignment={alignment}
          inEditor={inEditor}
          shown={{ row, column }}
          onPoint={pointing.mark}
          onReveal={reveal}
        />
      )}
      <HeatMap
        grid={grid}
        pointing={{
          ...pointing,
          moveCursor: (cell) => {
            pointing.moveCursor(cell);
            onCursor(cell);
          },
        }}
        box={box}
        isHeld={() => sideBySide.matches}
        onReveal={revealCell}
        onDrawn={onDrawn}
      />
    </>
  );
}

/** A head's map with the labels of its tokens. */
function gridOf(
  { queries, keys, values, first }: ShownHead,
  maximum: number,
  site: AttentionSite,
  tokens: Record<'query' | 'key', Parameters<typeof tokenLabels>[0]>,
  alignment: Alignment | undefined,
): Omit<DescribedGrid, keyof ReturnType<typeof mapWords>> {
  const queryLabels = tokenLabels(tokens.query);
  const columnLabels = tokenLabels(tokens.key);
  const { query = [], key = [] } = alignment?.sentences ?? {};
  return {
    rows: queries,
    columns: keys,
    values,
    maximum,
    causal: site.kind === 'masked',
    rowLabels: queryLabels.slice(first),
    rowNames: distinctLabels(queryLabels).slice(first),
    columnLabels,
    columnNames: distinctLabels(columnLabels),
    lineReadouts: [...query, ...key],
  };
}

/**
 * Side by side with the overview the map keeps to the window; below it, it may be as high as it is
 * wide, for the page scrolls. attention.css has the same width.
 */
const sideBySide = window.matchMedia('(min-width: 640px)');
