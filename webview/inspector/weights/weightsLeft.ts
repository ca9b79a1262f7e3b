import type { TensorOrder } from './tensorRows';

/** How the user left the table of tensors. */
export interface WeightsLeft {
  order: TensorOrder;
  search: string;
  /** Groups whose tensors are shown; absent where that was never said. */
  open?: ReadonlySet<string>;
  /** `keyOf` the tensor that is shown in detail. */
  chosen?: string;
}

/** Reads what an earlier page, perhaps of an older version, has kept. */
export function parseLeft({
  order,
  search,
  open,
  chosen,
}: Readonly<Record<string, unknown>>): WeightsLeft {
  return {
    order: order === 'size' || order === 'name' ? order : 'tree',
    search: typeof search === 'string' ? search : '',
    ...(Array.isArray(open)
      ? { open: new Set(open.filter((group) => typeof group === 'string')) }
      : {}),
    ...(typeof chosen === 'string' ? { chosen } : {}),
  };
}
