import type { ModuleGraph } from '../../../src/shared/moduleGraph';
import type { DrawnGraph, Edge } from './drawnGraph';
import type { LayoutRequest } from './layout';
import { shapeWords, type Symbols } from './shapeWords';

/** Height of a box, and what stands beside its words. */
const BOX = 30;
const PADDING = 24;
const BETWEEN = 16;
const NARROWEST = 104;

/** Longer words are cut in the picture; details have them whole. */
const LONGEST = 40;

/** Words as a box has them. */
export function boxWords(words: string): string {
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}

/** What is said beside an edge: the shape of what goes there, or how many values do. */
export function edgeWords(
  { values }: Edge,
  graph: ModuleGraph,
  symbols: Symbols,
  several: (count: number) => string,
): string {
  const [first = -1, ...others] = values;
  const value = graph.values[first];
  return others.length > 0 || value === undefined
    ? several(values.length)
    : boxWords(shapeWords(value, symbols) ?? '');
}

/**
 * Sizes of what is drawn.
 * @param width of words in a box, and of those beside an edge, in CSS pixels.
 */
export function layoutRequest(
  { boxes, edges, frames }: DrawnGraph,
  labels: ReadonlyMap<string, string>,
  width: { box: (words: string) => number; edge: (words: string) => number },
): LayoutRequest {
  return {
    boxes: boxes.map(({ id, label, aside, frame, kind }) => ({
      id,
      frame,
      height: BOX,
      width: Math.ceil(
        Math.max(
          NARROWEST,
          PADDING +
            width.box(boxWords(label)) +
            (aside === '' ? 0 : BETWEEN + width.edge(aside)) +
            (kind === 'module' || kind === 'run' ? BETWEEN : 0),
        ),
      ),
    })),
    edges: edges.map(({ id, from, to }) => ({
      ...{ id, from, to },
      labelWidth: Math.ceil(width.edge(labels.get(id) ?? '')),
    })),
    frames: frames.map(({ module, parent }) => ({
      module,
      ...(parent === undefined ? {} : { parent }),
    })),
  };
}
