import type { Point, Rectangle } from './layout';

/** Where the picture is: its point 0, 0 in the window, and its scale. Lengths are CSS pixels. */
export interface Place extends Point {
  scale: number;
}

interface Size {
  width: number;
  height: number;
}

const SMALLEST = 0.1;
const LARGEST = 3;

/** Below this, words cannot be read: a picture that is larger is scrolled instead. */
const READABLE = 0.9;

/** Moves and zooms a picture by one transform; tells when so much has come into sight that more is to be drawn. */
export class Camera {
  place: Place | undefined;
  private told: Place | undefined;
  private content: SVGGElement | null = null;
  private tolerance = 0;
  private tell: (place: Place) => void = () => undefined;
  /** Where the chosen box was on the screen when it was last seen. */
  private anchor: Point | undefined;

  /**
   * @param tolerance how far the picture may move before it is told.
   * @returns lets go of it
   */
  attach(content: SVGGElement | null, tolerance: number, tell: (place: Place) => void): () => void {
    this.content = content;
    this.tolerance = tolerance;
    this.tell = tell;
    this.apply(true);
    return () => {
      this.content = null;
    };
  }

  move(x: number, y: number): void {
    if (this.place !== undefined) {
      this.place = { ...this.place, x: this.place.x + x, y: this.place.y + y };
      this.anchor = undefined;
      this.apply();
    }
  }

  /** @param at the point of the window that stays where it is. */
  zoom(factor: number, at: Point): void {
    if (this.place !== undefined) {
      const { x, y, scale } = this.place;
      const next = Math.min(LARGEST, Math.max(SMALLEST, scale * factor));
      const ratio = next / scale;
      this.place = { x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio, scale: next };
      this.apply(true);
    }
  }

  /**
   * Brings the picture into the window: all of it, or if its words could not be read then, its top or a part.
   * @param isWhole whether all of it is to be seen, however small.
   */
  fit({ width, height }: Size, window: Size, part: Rectangle | undefined, isWhole = false): void {
    const wide = Math.min(1, window.width / width);
    const scale = isWhole
      ? Math.max(SMALLEST, Math.min(wide, window.height / height))
      : Math.max(READABLE, wide);
    const rest = window.width - width * scale;
    this.place = { x: rest > 0 ? rest / 2 : 16, y: 0, scale };
    if (part !== undefined) {
      this.reveal(part, window);
    }
    this.apply(true);
  }

  /** Keeps what is chosen where it was on the screen, in a picture that was laid out anew. */
  keep(part: Rectangle, window: Size): void {
    if (this.place !== undefined && this.anchor !== undefined) {
      const { scale } = this.place;
      const [x, y] = [this.anchor.x - part.left * scale, this.anchor.y - part.top * scale];
      this.place = { x, y, scale };
    }
    this.reveal(part, window);
    this.apply(true);
  }

  /** Moves the picture as little as brings a part of it into sight. */
  reveal(part: Rectangle, window: Size): void {
    if (this.place === undefined) {
      return;
    }
    const { x, y, scale } = this.place;
    const side = (from: number, length: number, at: number, room: number): number => {
      const [begin, end] = [at + from * scale, at + (from + length) * scale];
      const margin = Math.min(48, room / 6);
      if (begin < margin || end - begin > room - 2 * margin) {
        return margin - begin;
      }
      return end > room - margin ? room - margin - end : 0;
    };
    this.place = {
      x: x + side(part.left, part.width, x, window.width),
      y: y + side(part.top, part.height, y, window.height),
      scale,
    };
    this.anchor = {
      x: this.place.x + part.left * scale,
      y: this.place.y + part.top * scale,
    };
    this.apply();
  }

  private apply(isTold = false): void {
    const { place, told, tolerance } = this;
    if (place === undefined) {
      return;
    }
    this.content?.setAttribute(
      'transform',
      `translate(${place.x} ${place.y}) scale(${place.scale})`,
    );
    const isFar =
      told === undefined ||
      Math.abs(place.x - told.x) > tolerance * place.scale ||
      Math.abs(place.y - told.y) > tolerance * place.scale;
    if (isTold || isFar) {
      this.told = place;
      this.tell(place);
    }
  }
}
