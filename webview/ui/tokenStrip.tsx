import type { VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { tokenLabels, type LabelledToken } from '../../src/shared/tokenLabel';
import { inkOn, toCss, type Rgba } from '../chart/color';
import { moveInRow } from './gridMovement';
import './tokenStrip.css';

/** A token of a strip. */
export type StripToken = LabelledToken & { special: boolean };

/** The tokens of a text as running text, each of them one that can be told from the next. */
export function TokenText({ tokens }: { tokens: readonly StripToken[] }): VNode {
  const labels = tokenLabels(tokens);
  return (
    <span class="token-strip">
      {tokens.map((token, index) => (
        <span class={classOf(token)}>{labels[index]}</span>
      ))}
    </span>
  );
}

/** The numbers are indices of tokens. */
export interface TokenStripProps {
  tokens: readonly StripToken[];
  label: string;
  /** What a screen reader says of each token. */
  descriptions: readonly string[];
  /** What each token is painted with; undefined takes the paint off. */
  paint: readonly Rgba[] | undefined;
  /** The token that is brought out by a frame. */
  outlined: number | undefined;
  /** The token that is scrolled into sight when the strip is painted. */
  revealed: number | undefined;
  /** The pointer or, where there is none, the focus came to a token, or went away. */
  onPoint: (token: number | undefined) => void;
  /** A token was clicked or Enter was pressed on it. Absent where that leads nowhere. */
  onOpen?: ((token: number) => void) | undefined;
}

/** The tokens of a text as running text, to be pointed at and painted. */
export function TokenStrip(props: TokenStripProps): VNode {
  const { tokens, label, descriptions, paint, outlined, revealed, onPoint, onOpen } = props;
  const labels = useMemo(() => tokenLabels(tokens), [tokens]);
  const strip = useRef<HTMLDivElement>(null);
  /** The one stop that the strip has in the order of the Tab key. */
  const [tabStop, setTabStop] = useState(0);
  const pointed = useRef<{ focused?: number | undefined; hovered?: number | undefined }>({});

  useLayoutEffect(() => {
    if (revealed !== undefined && strip.current !== null) {
      reveal(strip.current, revealed);
    }
  }, [revealed, paint]);

  const cells = (): HTMLElement[] => Array.from(strip.current?.children ?? []) as HTMLElement[];
  const tokenAt = (target: EventTarget | null): number | undefined => {
    const index = cells().findIndex((cell) => target instanceof Node && cell.contains(target));
    return index < 0 ? undefined : index;
  };
  const point = (): void => onPoint(pointed.current.hovered ?? pointed.current.focused);
  const hover = (token: number | undefined): void => {
    const { current } = pointed;
    // Between two tokens the one that was left last stays, for the paint must not flicker.
    current.hovered = token ?? (strip.current?.matches(':hover') ? current.hovered : undefined);
    point();
  };
  const focus = (token: number | undefined): void => {
    pointed.current.focused = token;
    setTabStop((before) => token ?? before);
    point();
  };
  const click = (token: number | undefined): void => {
    if (token !== undefined) {
      cells()[token]?.focus({ preventScroll: true });
      onOpen?.(token);
    }
  };
  const press = (event: KeyboardEvent): void => {
    const { focused } = pointed.current;
    if (focused === undefined || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      onOpen?.(focused);
    } else if (event.key === 'Escape') {
      // The focus stays, so that the next arrow key goes on from here.
      pointed.current.hovered = undefined;
      onPoint(undefined);
    } else {
      const next = moveInRow(event, focused, tokens.length);
      if (next === undefined) {
        return;
      }
      pointed.current.hovered = undefined;
      cells()[next]?.focus();
    }
    event.preventDefault();
  };

  return (
    <div
      ref={strip}
      class={onOpen === undefined ? 'token-strip' : 'token-strip opens'}
      role="listbox"
      aria-label={label}
      aria-orientation="horizontal"
      onPointerOver={({ target }) => hover(tokenAt(target))}
      onPointerLeave={() => hover(undefined)}
      onFocusIn={({ target }) => focus(tokenAt(target))}
      onFocusOut={() => focus(undefined)}
      onClick={({ target }) => click(tokenAt(target))}
      onKeyDown={press}
    >
      {tokens.map((token, index) => {
        const color = paint?.[index];
        const painted = color === undefined ? '' : ' painted';
        return (
          <span
            class={`${classOf(token)}${painted}${index === outlined ? ' pointed' : ''}`}
            role="option"
            aria-selected={index === outlined}
            aria-label={descriptions[index]}
            tabIndex={index === tabStop ? 0 : -1}
            style={color && { background: toCss(color), color: inkOn(color) }}
          >
            {labels[index]}
          </span>
        );
      })}
    </div>
  );
}

/** Scrolls a token into sight, and nothing but the strip. */
function reveal(strip: HTMLElement, token: number): void {
  const cell = strip.children[token];
  if (cell instanceof HTMLElement) {
    const top = cell.offsetTop - strip.offsetTop;
    const room = strip.clientHeight - cell.offsetHeight;
    strip.scrollTop = Math.max(top - room, Math.min(strip.scrollTop, top));
  }
}

function classOf({ special }: StripToken): string {
  return special ? 'strip-token special' : 'strip-token';
}
