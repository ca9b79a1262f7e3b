import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { shownName } from '../shownName';
import { useSize } from '../../ui/useSize';
import { Camera, type Place } from './camera';
import type { Box, DrawnGraph } from './drawnGraph';
import { edgePath } from './edgePath';
import { FRAME_HEAD, type Layout, type Rectangle } from './layout';
import { boxWords } from './layoutRequest';
import type { LitPath } from './steps';

export interface PictureProps {
  drawn: DrawnGraph;
  layout: Layout;
  /** What stands beside edges, by their ids. */
  labels: ReadonlyMap<string, string>;
  /** Whether a newer picture is being made. */
  isBusy: boolean;
  chosen: Box | undefined;
  chosenFrame: number | undefined;
  lit: LitPath | undefined;
  onChoose: (box: Box) => void;
  onChooseFrame: (module: number) => void;
  onToggle: (module: number) => void;
  /** Keys other than those that move the picture. */
  onKeyDown: (event: KeyboardEvent) => void;
}

/** What is drawn around the part in sight, so that it can be moved without drawing anew. */
const AROUND = 600;

/** A graph, of which the part in sight is in the page. It is moved and zoomed without drawing it anew. */
export function Picture(props: PictureProps): VNode {
  const { drawn, layout, labels, isBusy, chosen, chosenFrame, lit } = props;
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<SVGGElement>(null);
  const size = useSize(frame);
  const [camera] = useState(() => new Camera());
  const [place, setPlace] = useState<Place>({ x: 0, y: 0, scale: 1 });
  const [isFound, setFound] = useState(false);
  const grip = useRef<{ x: number; y: number } | undefined>(undefined);
  const target = rectangleOf(layout, chosen, chosenFrame);

  useLayoutEffect(() => camera.attach(content.current, AROUND / 2, setPlace), [camera]);
  useLayoutEffect(() => {
    if (size !== undefined && size.width > 0) {
      if (camera.place === undefined) {
        camera.fit(layout, size, target);
        setFound(true);
      } else if (target !== undefined) {
        camera.keep(target, size);
      }
    }
  }, [layout, size?.width === undefined || size.width === 0]);
  useLayoutEffect(() => {
    if (target !== undefined && size !== undefined && camera.place !== undefined) {
      camera.reveal(target, size);
    }
  }, [chosen?.id, chosenFrame]);

  const { width = 0, height = 0 } = size ?? {};
  const sight = {
    left: -place.x / place.scale - AROUND,
    top: -place.y / place.scale - AROUND,
    width: width / place.scale + 2 * AROUND,
    height: height / place.scale + 2 * AROUND,
  };
  const boxes = new Map(drawn.boxes.map((box) => [box.id, box]));
  const zoom = (factor: number): void => camera.zoom(factor, { x: width / 2, y: height / 2 });
  return (
    <div class="picture" aria-busy={isBusy || undefined}>
      <div class="picture-bar">
        <button
          type="button"
          class="link"
          onClick={() => size !== undefined && camera.fit(layout, size, undefined, true)}
        >
          {l10n.t('Fit')}
        </button>
        <button
          type="button"
          class="link"
          aria-label={l10n.t('Zoom out')}
          onClick={() => zoom(0.8)}
        >
          −
        </button>
        <span class="quiet">{Math.round(place.scale * 100)}%</span>
        <button
          type="button"
          class="link"
          aria-label={l10n.t('Zoom in')}
          onClick={() => zoom(1.25)}
        >
          +
        </button>
      </div>
      <div
        ref={frame}
        class="picture-frame"
        role="application"
        tabIndex={0}
        aria-label={l10n.t(
          'The graph. Up and down step along edges, right opens, left closes, slash searches.',
        )}
        aria-describedby="graph-chosen"
        onKeyDown={(event) => {
          if (event.key === '+' || event.key === '-') {
            zoom(event.key === '+' ? 1.25 : 0.8);
            event.preventDefault();
          } else {
            props.onKeyDown(event);
          }
        }}
        onWheel={(event) => {
          event.preventDefault();
          if (event.ctrlKey || event.metaKey) {
            const { left, top } = event.currentTarget.getBoundingClientRect();
            const at = { x: event.clientX - left, y: event.clientY - top };
            camera.zoom(Math.exp(-event.deltaY / 400), at);
          } else {
            camera.move(-event.deltaX, -event.deltaY);
          }
        }}
        onPointerDown={({ clientX, clientY, button }) => {
          grip.current = button === 0 ? { x: clientX, y: clientY } : undefined;
        }}
        onPointerMove={(event) => {
          const { clientX, clientY, buttons, currentTarget, pointerId } = event;
          if (buttons === 1 && grip.current !== undefined) {
            // Taken hold of once it moves: a click is for what lies below.
            if (!currentTarget.hasPointerCapture(pointerId)) {
              if (Math.hypot(clientX - grip.current.x, clientY - grip.current.y) < 4) {
                return;
              }
              currentTarget.setPointerCapture(pointerId);
            }
            camera.move(clientX - grip.current.x, clientY - grip.current.y);
            grip.current = { x: clientX, y: clientY };
          }
        }}
      >
        <svg width={width} height={height} aria-hidden="true" style={{ opacity: isFound ? 1 : 0 }}>
          <defs>
            {['arrow', 'arrow-lit'].map((id) => (
              <marker
                key={id}
                id={id}
                viewBox="0 0 6 6"
                refX="5.5"
                refY="3"
                markerUnits="userSpaceOnUse"
                markerWidth="7"
                markerHeight="7"
                orient="auto"
              >
                <path d="M0 0.5L6 3L0 5.5Z" />
              </marker>
            ))}
          </defs>
          <g ref={content}>
            {layout.frames.map((rectangle) => {
              const drawnFrame = drawn.frames.find(({ module }) => module === rectangle.module);
              return (
                drawnFrame &&
                meets(rectangle, sight) && (
                  <g
                    key={rectangle.module}
                    class={rectangle.module === chosenFrame ? 'frame chosen' : 'frame'}
                  >
                    <rect
                      x={rectangle.left}
                      y={rectangle.top}
                      width={rectangle.width}
                      height={rectangle.height}
                      rx="3"
                    />
                    <g
                      class="frame-head"
                      onClick={() => props.onChooseFrame(rectangle.module)}
                      onDblClick={() => props.onToggle(rectangle.module)}
                    >
                      <rect
                        x={rectangle.left}
                        y={rectangle.top}
                        width={rectangle.width}
                        height={FRAME_HEAD}
                      />
                      <text
                        x={rectangle.left + 10}
                        y={rectangle.top + 16}
                        class="twisty-mark"
                        onClick={(event) => {
                          event.stopPropagation();
                          props.onToggle(rectangle.module);
                        }}
                      >
                        ▾
                      </text>
                      <text x={rectangle.left + 24} y={rectangle.top + 16} class="frame-label">
                        {boxWords(shownName(drawnFrame.label))}
                      </text>
                      {rectangle.width > 200 && (
                        <text
                          x={rectangle.left + rectangle.width - 10}
                          y={rectangle.top + 16}
                          class="aside"
                          text-anchor="end"
                        >
                          {drawnFrame.aside}
                        </text>
                      )}
                    </g>
                  </g>
                )
              );
            })}
            {layout.edges.map(({ id, points, label }) => {
              const isLit = lit?.edges.has(id) === true;
              return (
                meetsPoints(points, sight) && (
                  <g key={id} class={isLit ? 'edge lit' : 'edge'}>
                    <path
                      d={edgePath(points)}
                      marker-end={isLit ? 'url(#arrow-lit)' : 'url(#arrow)'}
                    />
                    {label !== undefined && (
                      <text x={label.x} y={label.y + 4}>
                        {labels.get(id)}
                      </text>
                    )}
                  </g>
                )
              );
            })}
            {layout.boxes.map((rectangle) => {
              const box = boxes.get(rectangle.id);
              return (
                box &&
                meets(rectangle, sight) && (
                  <BoxShape
                    key={rectangle.id}
                    box={box}
                    rectangle={rectangle}
                    isChosen={box.id === chosen?.id}
                    isLit={lit?.boxes.has(box.id) === true}
                    onChoose={() => props.onChoose(box)}
                    onToggle={props.onToggle}
                  />
                )
              );
            })}
          </g>
        </svg>
      </div>
    </div>
  );
}

function BoxShape({
  box: { kind, label, aside, module, site },
  rectangle: { left, top, width, height },
  isChosen,
  isLit,
  onChoose,
  onToggle,
}: {
  box: Box;
  rectangle: Rectangle;
  isChosen: boolean;
  isLit: boolean;
  onChoose: () => void;
  onToggle: (module: number) => void;
}): VNode {
  const isEnd = kind === 'input' || kind === 'output';
  const isClosed = module !== undefined;
  const classes = ['box', kind, isChosen ? 'chosen' : '', isLit ? 'lit' : ''].join(' ');
  return (
    <g class={classes} onClick={onChoose} onDblClick={() => isClosed && onToggle(module)}>
      {isClosed && (
        <rect class="behind" x={left + 3} y={top + 3} width={width} height={height} rx="2" />
      )}
      <rect x={left} y={top} width={width} height={height} rx={isEnd ? height / 2 : 2} />
      {site !== undefined && <rect class="site" x={left - 5} y={top} width="4" height={height} />}
      {isClosed && (
        <text
          class="twisty-mark"
          x={left + 8}
          y={top + 19}
          onClick={(event) => {
            event.stopPropagation();
            onToggle(module);
          }}
        >
          ▸
        </text>
      )}
      <text x={left + (isClosed ? 22 : isEnd ? 14 : 10)} y={top + 19}>
        {boxWords(shownName(label))}
      </text>
      <text class="aside" x={left + width - (isEnd ? 14 : 10)} y={top + 19} text-anchor="end">
        {aside}
      </text>
    </g>
  );
}

function rectangleOf(
  { boxes, frames }: Layout,
  chosen: Box | undefined,
  chosenFrame: number | undefined,
): Rectangle | undefined {
  return (
    boxes.find(({ id }) => id === chosen?.id) ?? frames.find(({ module }) => module === chosenFrame)
  );
}

function meets(one: Rectangle, other: Rectangle): boolean {
  return (
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height
  );
}

function meetsPoints(points: readonly { x: number; y: number }[], sight: Rectangle): boolean {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return meets(
    { left, top, width: Math.max(...xs) - left + 1, height: Math.max(...ys) - top + 1 },
    sight,
  );
}
