import type { VNode } from 'preact';
import { useId, useMemo, useRef } from 'preact/hooks';
import { useSize } from '../../ui/useSize';
import { lineLabels } from './lineLabels';
import { logAxis, logTicks } from './logAxis';

/** A line of a plot. */
export interface PlotLine {
  name: string;
  /** What it is called in the plot. */
  label: string;
  look: 'first' | 'second' | 'third';
  at: (length: number) => number;
}

export interface CostPlotProps {
  title: string;
  /** What stands at the right end of the title. */
  axis: string;
  lines: readonly PlotLine[];
  /** The chosen length, in tokens. */
  length: number;
  /** The longest one that is drawn. */
  longest: number;
  /** The longest one that the model can do; absent where there is no end. */
  limit?: number;
  /** What stands in the part beyond it. */
  beyond: string;
  format: (value: number) => string;
}

/** Room for the figures of the axes, in CSS pixels. */
const LEFT = 64;
const BOTTOM = 22;
const HEIGHT = 200;
const TOP = 12;
/** What the words for the part beyond the limit take. */
const ROOM = 150;

/** Points of a line. */
const POINTS = 64;

/** Quantities by the length of a text, both axes in equal ratios: how steep a line is tells how it grows. */
export function CostPlot({
  title,
  axis,
  lines,
  length,
  longest,
  limit,
  beyond,
  format,
}: CostPlotProps): VNode {
  const frame = useRef<HTMLElement>(null);
  const hatch = useId();
  const size = useSize(frame);
  const width = size?.width ?? 320;
  const shape = useMemo(() => {
    const lengths = Array.from({ length: POINTS }, (_, index) => longest ** (index / (POINTS - 1)));
    const values = lines.map(({ at }) => lengths.map(at));
    const all = values.flat().filter((value) => value > 0);
    const low = 10 ** Math.floor(Math.log10(Math.min(...all, 1e12)));
    const high = 10 ** Math.ceil(Math.log10(Math.max(...all, low * 10)));
    return { lengths, values, y: logAxis(low, Math.max(high, low * 10)) };
  }, [lines, longest]);
  const x = logAxis(1, longest);
  const across = (value: number): number => LEFT + x.at(value) * (width - LEFT - 8);
  const down = (value: number): number => TOP + (1 - shape.y.at(value)) * (HEIGHT - TOP - BOTTOM);
  const floor = HEIGHT - BOTTOM;
  const edge = limit === undefined || limit >= longest || width <= LEFT ? undefined : across(limit);
  const labels = lineLabels(
    lines.map(({ label, at }) => ({
      label,
      down: (place) => {
        const value = at(longest ** ((place - LEFT) / (width - LEFT - 8)));
        return value > 0 ? down(value) : floor;
      },
    })),
    { left: LEFT, right: edge ?? width - 8, top: TOP, bottom: floor, chosen: across(length) },
  );
  const hasRoom = edge !== undefined && width - edge > ROOM;
  return (
    <figure class="plot" ref={frame}>
      <figcaption>
        <b>{title}</b>
        <span class="quiet">{axis}</span>
      </figcaption>
      <svg width={width} height={HEIGHT} aria-hidden="true">
        <defs>
          <pattern
            id={hatch}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <path d="M0 0V6" class="hatch" />
          </pattern>
        </defs>
        {logTicks(shape.y, 10, 5).map((value) => (
          <g key={value}>
            <path class="grid" d={`M${LEFT} ${down(value)}H${width - 8}`} />
            <text x={LEFT - 8} y={down(value) + 4} text-anchor="end">
              {format(value)}
            </text>
          </g>
        ))}
        {logTicks(x, 8, 6).map((value) => (
          <text
            key={value}
            x={across(value)}
            y={HEIGHT - 4}
            text-anchor={value === longest ? 'end' : 'middle'}
          >
            {value.toLocaleString('en')}
          </text>
        ))}
        <path class="axis" d={`M${LEFT} ${floor}H${width - 8}`} />
        {edge !== undefined && (
          <>
            <rect
              x={edge}
              y={TOP}
              width={Math.max(0, width - 8 - edge)}
              height={floor - TOP}
              fill={`url(#${hatch})`}
            />
            {hasRoom && (
              <text class="beyond" x={width - 12} y={floor - 8} text-anchor="end">
                {beyond}
              </text>
            )}
          </>
        )}
        {lines.map(({ name, look }, index) => {
          const points = shape.lengths.flatMap((value, point) => {
            const at = shape.values[index]?.[point] ?? 0;
            return at > 0 ? [{ value, text: `${across(value)} ${down(at)}` }] : [];
          });
          const inside = points.filter(({ value }) => limit === undefined || value <= limit);
          const outside = points.slice(Math.max(0, inside.length - 1));
          return (
            <g key={name} class={`line ${look}`}>
              <path d={pathOf(inside)} />
              {outside.length > 1 && <path class="outside" d={pathOf(outside)} />}
            </g>
          );
        })}
        {labels.map(
          (place, index) =>
            place && (
              <text key={lines[index]?.name} class="line-label" x={place.x} y={place.y}>
                {lines[index]?.label}
              </text>
            ),
        )}
        <path class="chosen" d={`M${across(length)} ${TOP}V${floor}`} />
        {lines.map(({ name, look, at }) => {
          const value = at(length);
          return (
            value > 0 && (
              <circle
                key={name}
                class={`dot ${look}`}
                cx={across(length)}
                cy={down(value)}
                r="3.5"
              />
            )
          );
        })}
      </svg>
    </figure>
  );
}

function pathOf(points: readonly { text: string }[]): string {
  return points.length === 0 ? '' : `M${points.map(({ text }) => text).join('L')}`;
}
