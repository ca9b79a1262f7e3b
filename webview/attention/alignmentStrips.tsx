import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { AttentionSite, Component, TracedToken } from '../../src/shared/attention';
import type { TokenChoice } from '../../src/shared/attentionPanel';
import { colorAt } from '../chart/colorMap';
import type { Cells, MarkedLine } from '../ui/pointing';
import { useColorMap } from '../ui/theme';
import { TokenStrip } from '../ui/tokenStrip';
import { cellsOf, lineOf, opposite, strongest, weightsOf, type MapLine } from './alignment';
import type { Alignment } from './alignmentWords';
import { sequenceLabel } from './groupWords';
import { sidesOf } from './siteGroups';

export interface AlignmentStripsProps {
  site: AttentionSite;
  /** The tokens of the rows and of the columns. */
  tokens: Record<MapLine['side'], readonly TracedToken[]>;
  /** The map on screen, and what is said of each token. */
  alignment: Alignment;
  /** The sequences whose tokens can be shown in the editor. */
  inEditor: readonly Component[];
  /** What the map brings out: a cell, a row, a column or nothing. */
  shown: Cells;
  /** A token is pointed at, or none is any more. */
  onPoint: (line: MarkedLine | undefined) => void;
  onReveal: (token: TokenChoice) => void;
}

/**
 * Source and result as running text, for a head of cross-attention: pointing at a token of the
 * result paints the source by what that token attends to, and pointing at a token of the source
 * paints the result by what attends to it.
 */
export function AlignmentStrips({
  site,
  tokens,
  alignment,
  inEditor,
  shown: { row, column },
  onPoint,
  onReveal,
}: AlignmentStripsProps): VNode {
  const colors = useColorMap();
  const { map, maximum, sentences } = alignment;
  const components = sidesOf(site);
  const painted = useMemo(() => {
    const line = lineOf({ row, column }, map);
    if (line === undefined) {
      return undefined;
    }
    const weights = weightsOf(map, line);
    return {
      line,
      side: opposite[line.side],
      colors: weights.map((weight) => colorAt(weight, maximum, colors)),
      strongest: strongest(weights, 1)[0]?.index,
    };
  }, [alignment, row, column, colors]);
  const outlined = {
    query: painted?.line.side === 'query' ? painted.line.index : undefined,
    key: column,
  };
  return (
    <div class="alignment">
      {(['key', 'query'] as const).map((side) => {
        const component = components[side];
        const label = sequenceLabel(component);
        const isPainted = painted?.side === side;
        return (
          <>
            <h3 class="quiet" aria-hidden="true">
              {label}
            </h3>
            <TokenStrip
              tokens={tokens[side]}
              label={label}
              descriptions={sentences[side]}
              paint={isPainted ? painted.colors : undefined}
              outlined={outlined[side]}
              revealed={isPainted ? painted.strongest : undefined}
              onPoint={(index) =>
                onPoint(
                  index === undefined
                    ? undefined
                    : { ...cellsOf(map, { side, index }), readout: sentences[side][index] ?? '' },
                )
              }
              onOpen={
                inEditor.includes(component)
                  ? (token: number) => onReveal({ component, token })
                  : undefined
              }
            />
          </>
        );
      })}
    </div>
  );
}
