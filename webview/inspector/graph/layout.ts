import { Graph, layout } from '@dagrejs/dagre';

/** Sizes of what is to be laid out, in CSS pixels. */
export interface LayoutRequest {
  boxes: { id: string; width: number; height: number; frame: number }[];
  edges: { id: string; from: string; to: string; labelWidth: number }[];
  /** Frames stand before those inside them. */
  frames: { module: number; parent?: number }[];
}

export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** Where everything is, from the top left corner of the picture. */
export interface Layout {
  width: number;
  height: number;
  boxes: (Rectangle & { id: string })[];
  /** Where labels begin, if they have any; the points lead from box to box. */
  edges: { id: string; points: Point[]; label?: Point }[];
  frames: (Rectangle & { module: number })[];
}

/** Height of the line that a frame has its name in. */
export const FRAME_HEAD = 24;

/** Height of a line of a label. */
const LABEL = 14;

/** With more boxes, ranks are found in a simpler way. */
const MANY = 400;

/**
 * Lays boxes out from top to bottom in the order of their edges, those of a frame together (Gansner et al. 1993,
 * "A Technique for Drawing Directed Graphs", as dagre has it).
 */
export function layOut({ boxes, edges, frames }: LayoutRequest): Layout {
  const graph = new Graph({ compound: true, multigraph: false });
  graph.setGraph({
    ...{ rankdir: 'TB', nodesep: 28, edgesep: 20, ranksep: 12, marginx: 16, marginy: 12 },
    ranker: boxes.length > MANY ? 'longest-path' : 'network-simplex',
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const frameIds = new Set(frames.map(({ module }) => frameId(module)));
  for (const { module, parent } of frames) {
    graph.setNode(frameId(module), { width: 0, height: 0 });
    if (parent !== undefined && frameIds.has(frameId(parent))) {
      graph.setParent(frameId(module), frameId(parent));
    }
  }
  for (const { id, width, height, frame } of boxes) {
    graph.setNode(id, { width, height });
    if (frameIds.has(frameId(frame))) {
      graph.setParent(id, frameId(frame));
    }
  }
  const byEnds = new Map(edges.map((edge) => [`${edge.from}\n${edge.to}`, edge]));
  for (const { from, to, labelWidth } of edges) {
    graph.setEdge(from, to, { width: labelWidth, height: LABEL, labelpos: 'r', labeloffset: 6 });
  }
  layout(graph);
  const rectangle = (id: string): Rectangle => {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id) as Partial<Rectangle & Point>;
    return { left: x - width / 2, top: y - height / 2, width, height };
  };
  const found: Layout = {
    ...{ width: 0, height: 0 },
    boxes: boxes.map(({ id }) => ({ id, ...rectangle(id) })),
    edges: graph.edges().flatMap(({ v, w }) => {
      const edge = byEnds.get(`${v}\n${w}`);
      const {
        points,
        x,
        y,
        width = 0,
      } = graph.edge(v, w) as Partial<Point> & {
        points: Point[];
        width?: number;
      };
      const label = x === undefined || y === undefined ? {} : { label: { x: x - width / 2, y } };
      return edge === undefined ? [] : [{ id: edge.id, points, ...(width > 0 ? label : {}) }];
    }),
    frames: frames.map(({ module }) => ({ module, ...rectangle(frameId(module)) })),
  };
  return withHeads(found, frames);
}

function frameId(module: number): string {
  return `frame ${module}`;
}

/** dagre has no room for the names of frames: what is below the top of one moves down by a line. */
function withHeads(found: Layout, frames: LayoutRequest['frames']): Layout {
  const depthOf = new Map<number, number>();
  for (const { module, parent } of frames) {
    depthOf.set(module, (depthOf.get(parent ?? -1) ?? 0) + 1);
  }
  const tops = found.frames.map(({ top }) => top).sort((one, other) => one - other);
  const bottoms = found.frames
    .map(({ top, height }) => top + height)
    .sort((one, other) => one - other);
  const count = (sorted: readonly number[], y: number, orAt: boolean): number => {
    const end = sorted.findIndex((each) => (orAt ? each > y : each >= y));
    return end < 0 ? sorted.length : end;
  };
  /** Room above a place: a head for each frame that begins there, and a margin for each that ends. */
  const down = (y: number): number =>
    y + FRAME_HEAD * count(tops, y, false) + MARGIN * count(bottoms, y, false);
  const moved = ({ left, top, width, height }: Rectangle): Rectangle => ({
    ...{ left, top: down(top), width },
    height: down(top + height) - down(top),
  });
  const boxes = found.boxes.map((box) => ({ ...box, top: down(box.top) }));
  const placed = found.frames.map((frame) => ({ ...frame, ...moved(frame) }));
  const all = [...boxes, ...placed];
  return {
    width: Math.max(0, ...all.map(({ left, width }) => left + width)) + 16,
    height: Math.max(0, ...all.map(({ top, height }) => top + height)) + 12,
    boxes,
    edges: found.edges.map(({ id, points, label }) => ({
      id,
      points: points.map(({ x, y }) => ({ x, y: down(y) })),
      ...(label === undefined ? {} : { label: { x: label.x, y: down(label.y) } }),
    })),
    frames: placed,
  };
}

/** Below the last box of a frame. */
const MARGIN = 6;
