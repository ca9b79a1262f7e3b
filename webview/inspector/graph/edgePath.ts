import type { Point } from './layout';

/** Radius of corners, in CSS pixels. */
const CORNER = 6;

/** The way of an edge, down and across only, its corners rounded. */
export function edgePath(points: readonly Point[]): string {
  const way = withoutDetours(points.flatMap((point, at) => step(points[at - 1], point)));
  return way
    .map((point, at) => {
      const [before, after] = [way[at - 1], way[at + 1]];
      if (before === undefined) {
        return `M${coordinates(point)}`;
      }
      if (after === undefined) {
        return `L${coordinates(point)}`;
      }
      const radius = Math.min(CORNER, distance(before, point) / 2, distance(point, after) / 2);
      return `L${coordinates(towards(point, before, radius))}Q${coordinates(point)} ${coordinates(towards(point, after, radius))}`;
    })
    .join('');
}

/** Lines turn so far above their end: what is beside them stands higher. */
const BEND = 10;

/** From a point to the next: down, across, and down. */
function step(from: Point | undefined, to: Point): Point[] {
  if (from === undefined || Math.abs(from.x - to.x) < 1) {
    return [from === undefined ? to : { x: from.x, y: to.y }];
  }
  const y = to.y - Math.min(BEND, (to.y - from.y) / 2);
  return [{ x: from.x, y }, { x: to.x, y }, to];
}

/** Less points that lie on the line between their neighbours. */
function withoutDetours(points: readonly Point[]): Point[] {
  return points.filter((point, at) => {
    const [before, after] = [points[at - 1], points[at + 1]];
    return (
      before === undefined ||
      after === undefined ||
      !(
        (before.x === point.x && point.x === after.x) ||
        (before.y === point.y && point.y === after.y)
      )
    );
  });
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return {
    x: from.x + ((to.x - from.x) * by) / length,
    y: from.y + ((to.y - from.y) * by) / length,
  };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function coordinates({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
