import { checkSizes, type MatrixKernel } from './matrixKernel';
import { plainKernel } from './plainKernel';
import bytes from './product.wat';

/** Rows of `a` that lie side by side, and rows of `b` that they meet at a time, in product.wat. */
const PANEL = 8;
const GROUP = 4;

/**
 * What the module's memory holds at a time, in elements: the product is made block by block, so that
 * memory stays small however large the matrices are. A block of `b` is meant to stay in the
 * processor's second cache while all panels of `a` meet it; every element of `b` is copied once for
 * each `rows` rows of `a`.
 */
const BLOCK = {
  a: 2 ** 20,
  b: 2 ** 16,
  rows: 512,
  columns: 512,
  /** Longest row. Longer ones go to the plain kernel: no Transformer has them. */
  k: 2 ** 16,
} as const;

/**
 * Rows of `b` that lie a multiple of 2 KiB apart compete for the same places in the processor's
 * first cache, which halves the speed. Such rows get a gap between them, a line of the cache wide.
 */
const CROWDED = 512;
const GAP = 16;

/** Where the blocks begin in the memory, in elements, and where the last one ends. */
const A = 0;
const B = A + BLOCK.a;
const C = B + GROUP * (BLOCK.k + GAP);
const END = C + BLOCK.rows * BLOCK.columns;

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const PAGE_BYTES = 2 ** 16;

/** What product.wat exports. */
interface ProductModule {
  memory: WebAssembly.Memory;
  product(
    a: number,
    b: number,
    c: number,
    panels: number,
    groups: number,
    k: number,
    stride: number,
  ): void;
}

/**
 * The kernel in WebAssembly with vectors of four float32, some twenty times as fast as the plain
 * one; or the plain one where there are no such vectors.
 */
export async function wasmKernel(): Promise<MatrixKernel> {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) {
    return plainKernel;
  }
  const { instance } = await WebAssembly.instantiate(bytes);
  return new WasmKernel(instance.exports as unknown as ProductModule);
}

class WasmKernel implements MatrixKernel {
  private readonly memory: Float32Array;

  constructor(private readonly module: ProductModule) {
    module.memory.grow(Math.ceil((END * FLOAT_BYTES) / PAGE_BYTES));
    this.memory = new Float32Array(module.memory.buffer);
  }

  product(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Float32Array {
    checkSizes(a, b, m, k, n);
    if (k > BLOCK.k) {
      return plainKernel.product(a, b, m, k, n);
    }
    const product = new Float32Array(m * n);
    if (product.length === 0 || k === 0) {
      return product;
    }
    const stride = k % CROWDED === 0 ? k + GAP : k;
    const rowsAtOnce = wholeBlock(BLOCK.a / k, PANEL, BLOCK.rows);
    const columnsAtOnce = wholeBlock(BLOCK.b / stride, GROUP, BLOCK.columns);
    for (let row = 0; row < m; row += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, m - row);
      this.copyPanels(a, row, rows, k);
      for (let column = 0; column < n; column += columnsAtOnce) {
        const columns = Math.min(columnsAtOnce, n - column);
        this.copyRows(b.subarray(column * k, (column + columns) * k), columns, k, stride);
        const panels = Math.ceil(rows / PANEL);
        const groups = Math.ceil(columns / GROUP);
        this.module.product(
          A * FLOAT_BYTES,
          B * FLOAT_BYTES,
          C * FLOAT_BYTES,
          panels,
          groups,
          k,
          stride * FLOAT_BYTES,
        );
        this.takeBlock(product, n, row, rows, column, columns);
      }
    }
    return product;
  }

  /**
   * Copies rows of `a` as panels: [panels][k][8]. What stands in the place of rows that the last
   * panel lacks is left as it is; so are the sums that are made of it.
   */
  private copyPanels(a: Float32Array, first: number, rows: number, k: number): void {
    const { memory } = this;
    for (let row = 0; row < rows; row++) {
      const from = (first + row) * k;
      const to = A + Math.floor(row / PANEL) * PANEL * k + (row % PANEL);
      for (let p = 0; p < k; p++) {
        memory[to + p * PANEL] = a[from + p] as number;
      }
    }
  }

  /** Copies rows of `b`, `stride` elements from one to the next. */
  private copyRows(rows: Float32Array, count: number, k: number, stride: number): void {
    this.memory.set(rows, B);
    if (stride > k) {
      for (let row = count - 1; row > 0; row--) {
        this.memory.copyWithin(B + row * stride, B + row * k, B + (row + 1) * k);
      }
    }
  }

  /** Copies a block of the product, which is in panels, [panels][columns][8], to its place. */
  private takeBlock(
    product: Float32Array,
    n: number,
    firstRow: number,
    rows: number,
    firstColumn: number,
    columns: number,
  ): void {
    const { memory } = this;
    const panelLength = Math.ceil(columns / GROUP) * GROUP * PANEL;
    for (let row = 0; row < rows; row++) {
      let from = C + Math.floor(row / PANEL) * panelLength + (row % PANEL);
      const start = (firstRow + row) * n + firstColumn;
      for (let to = start; to < start + columns; to++) {
        product[to] = memory[from] as number;
        from += PANEL;
      }
    }
  }
}

/** The multiple of `unit` below `size` that is neither none nor above `most`. */
function wholeBlock(size: number, unit: number, most: number): number {
  return Math.min(most, Math.max(1, Math.floor(size / unit)) * unit);
}
