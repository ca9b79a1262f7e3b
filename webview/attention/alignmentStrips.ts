import { keyTokens, queryTokens, type AttentionSite } from '../../src/shared/attention';
import type { AttentionPanelStrings, TokenChoice } from '../../src/shared/attentionPanel';
import type { RowsOfTokens } from '../../src/shared/resultRows';
import { distinctLabels, tokenLabels } from '../../src/shared/tokenLabel';
import { colorAt, type ColorMap } from '../ui/colorMap';
import { element } from '../ui/element';
import type { GridPosition } from '../ui/gridMovement';
import { formatFigure } from '../ui/numbers';
import { fill } from '../ui/sentence';
import { TokenStrip } from '../ui/tokenStrip';
import { cellsOf, strongest, weightsOf, type MapLine } from './alignment';
import type { TraceState } from './context';
import { sidesOf } from './siteGroups';

/** What the strips tell the head around them. */
export interface AlignmentListener {
  /**
   * A token is pointed at, or none is any more.
   * @param cells its row or column in the map.
   * @param readout what there is to say of it.
   */
  onPoint(cells: Partial<GridPosition> | undefined, readout: string): void;
  onReveal(token: TokenChoice): void;
}

/** A map of cross-attention and the colours that it is shown in. */
export interface AlignedMap {
  map: RowsOfTokens;
  /** The value that gets the last colour. */
  maximum: number;
}

/**
 * Source and result as running text, for a head of cross-attention: pointing at a token of the
 * result paints the source by what that token attends to, and pointing at a token of the source
 * paints the result by what attends to it.
 */
export class AlignmentStrips {
  readonly element: HTMLElement;
  private readonly strips: Record<MapLine['side'], TokenStrip>;
  private readonly labels: Record<MapLine['side'], string[]>;
  private aligned: AlignedMap | undefined;
  private shown: Partial<GridPosition> = {};

  constructor(
    site: AttentionSite,
    { trace, inEditor }: TraceState,
    private readonly strings: AttentionPanelStrings,
    private colors: ColorMap,
    listener: AlignmentListener,
  ) {
    const tokens = {
      query: queryTokens(trace.sequences, site),
      key: keyTokens(trace.sequences, site),
    };
    const labelsOf = (side: MapLine['side']) => distinctLabels(tokenLabels(tokens[side]));
    this.labels = { query: labelsOf('query'), key: labelsOf('key') };
    const components = sidesOf(site);
    const strip = (side: MapLine['side']) =>
      new TokenStrip(tokens[side], strings.sequences[components[side]], {
        onPoint: (index) => {
          const { aligned } = this;
          if (index === undefined || aligned === undefined) {
            listener.onPoint(undefined, '');
          } else {
            listener.onPoint(cellsOf(aligned.map, { side, index }), this.sentence({ side, index }));
          }
        },
        ...(inEditor.includes(components[side]) && {
          onOpen: (token: number) => listener.onReveal({ component: components[side], token }),
        }),
      });
    this.strips = { query: strip('query'), key: strip('key') };
    this.element = element(
      'div',
      'alignment',
      {},
      ...(['key', 'query'] as const).flatMap((side) => [
        element('h3', 'quiet', { 'aria-hidden': 'true' }, strings.sequences[components[side]]),
        this.strips[side].element,
      ]),
    );
  }

  /** Shows another head's map of the same site. */
  show(aligned: AlignedMap): void {
    this.aligned = aligned;
    for (const side of ['query', 'key'] as const) {
      this.strips[side].describe(this.sentencesOf(side));
    }
    this.draw();
  }

  /** All that is said of a token, for each of them. */
  get sentences(): string[] {
    return [...this.sentencesOf('query'), ...this.sentencesOf('key')];
  }

  /** Follows what the map brings out: a cell, a row, a column or nothing. */
  follow(shown: Partial<GridPosition>): void {
    this.shown = shown;
    this.draw();
  }

  recolor(colors: ColorMap): void {
    this.colors = colors;
    this.draw();
  }

  private draw(): void {
    const { shown, aligned } = this;
    for (const strip of Object.values(this.strips)) {
      strip.paint(undefined);
      strip.outline(undefined);
    }
    const line = aligned && lineOf(shown, aligned.map);
    if (aligned === undefined || line === undefined) {
      return;
    }
    const other = this.strips[opposite[line.side]];
    const weights = weightsOf(aligned.map, line);
    other.paint(weights.map((weight) => colorAt(weight, aligned.maximum, this.colors)));
    this.strips.query.outline(line.side === 'query' ? line.index : undefined);
    this.strips.key.outline(shown.column);
    const [first] = strongest(weights, 1);
    if (first !== undefined) {
      other.reveal(first.index);
    }
  }

  private sentencesOf(side: MapLine['side']): string[] {
    return this.labels[side].map((_, index) => this.sentence({ side, index }));
  }

  /** What a token attends to, or what attends to it, as words. */
  private sentence(line: MapLine): string {
    const { strings, labels, aligned } = this;
    const name = labels[line.side][line.index] ?? '';
    const weights = aligned === undefined ? [] : weightsOf(aligned.map, line);
    if (weights.length === 0) {
      return fill(strings.notWritten, name);
    }
    const named = strongest(weights, mostNamed);
    const list = named.map(({ index, weight }) =>
      fill(strings.weighted, labels[opposite[line.side]][index] ?? '', formatFigure(weight)),
    );
    return fill(
      line.side === 'query' ? strings.attendsMost : strings.attendedMost,
      name,
      list.join(' · '),
    );
  }
}

/** What the strips are painted by: a cell counts as its row. */
function lineOf(
  { row, column }: Partial<GridPosition>,
  { first }: RowsOfTokens,
): MapLine | undefined {
  if (row !== undefined) {
    return { side: 'query', index: first + row };
  }
  return column === undefined ? undefined : { side: 'key', index: column };
}

const opposite = { query: 'key', key: 'query' } as const;

/** How many tokens of the other side are named. */
const mostNamed = 3;
