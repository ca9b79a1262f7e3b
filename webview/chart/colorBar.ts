import { colorCount, type ColorMap } from './colorMap';

/** Paints all colours of a map side by side, one pixel each. */
export function paintColorBar(canvas: HTMLCanvasElement, colors: ColorMap): void {
  canvas.width = colorCount;
  canvas.height = 1;
  const pixels = new ImageData(colorCount, 1);
  for (let index = 0; index < colorCount; index++) {
    pixels.data.set(colors.subarray(index * 3, index * 3 + 3), index * 4);
    pixels.data[index * 4 + 3] = 255;
  }
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}
