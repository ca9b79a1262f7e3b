import type { TensorName } from '../../../src/shared/inspector';
import type { StoredTensor } from '../../../src/shared/tensorListing';

/** How the table is ordered: by modules, or all in one list. */
export type TensorOrder = 'tree' | 'size' | 'name';

/** A line of the table. */
export type TensorRow =
  | { kind: 'group'; group: string; tensors: number; bytes: number; isOpen: boolean }
  | { kind: 'tensor'; tensor: StoredTensor; label: string };

/** What tensors that are no parameters stand under. */
export const CONSTANTS = 'constants';

/** What a tensor is called: the parameter that it is, or as the file calls it. */
export function nameOf({ parameters, name }: StoredTensor): string {
  return parameters[0] ?? name;
}

/** What names a tensor in a call. */
export function idOf({ file, name, occurrence }: StoredTensor): TensorName {
  return { file, name, ...(occurrence === undefined ? {} : { occurrence }) };
}

/** One text for each tensor of a listing. */
export function keyOf({ file, name, occurrence = 1 }: StoredTensor): string {
  return [file, name, occurrence].join('\n');
}

/**
 * The module that a tensor is listed under: up to a number (`encoder.layers.0`), which counts blocks; of
 * names without one, the part of the model.
 */
export function groupOf(tensor: StoredTensor): string {
  if (tensor.constant !== undefined) {
    return CONSTANTS;
  }
  const parts = nameOf(tensor).split('.');
  const number = parts.findIndex((part) => /^\d+$/.test(part));
  if (number > 0 && number < parts.length - 1) {
    return parts.slice(0, number + 1).join('.');
  }
  return parts.length > 2 ? (parts[0] ?? '') : '';
}

/** Whether a tensor has all words of a search in its names, shape or type. */
export function isFound(tensor: StoredTensor, search: string): boolean {
  const { name, parameters, dims, dtype } = tensor;
  const text = [name, ...parameters, dtype, dims.join('×'), dims.join('x')].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The groups that are open at first: all that are no block, and the first block of each kind. */
export function openAtFirst(tensors: readonly StoredTensor[]): ReadonlySet<string> {
  const groups = new Set(tensors.map(groupOf));
  return new Set(
    Array.from(groups).filter((group) => group !== CONSTANTS && /(^|\D)0$|\D$|^$/.test(group)),
  );
}

/**
 * The lines of the table.
 * @param open the groups whose tensors are shown; a search opens all.
 */
export function tensorRows(
  tensors: readonly StoredTensor[],
  order: TensorOrder,
  search: string,
  open: ReadonlySet<string>,
): TensorRow[] {
  const found = tensors.filter((tensor) => isFound(tensor, search));
  if (order !== 'tree') {
    const sorted = [...found].sort((one, other) =>
      order === 'size' ? other.bytes - one.bytes : nameOf(one).localeCompare(nameOf(other), 'en'),
    );
    return sorted.map((tensor) => ({ kind: 'tensor', tensor, label: nameOf(tensor) }));
  }
  const groups = grouped(found);
  const constants = groups.get(CONSTANTS);
  groups.delete(CONSTANTS);
  return [...groups, ...(constants === undefined ? [] : [[CONSTANTS, constants] as const])].flatMap(
    ([group, members]) => {
      const isOpen = search !== '' || open.has(group);
      const head: TensorRow = {
        kind: 'group',
        group,
        tensors: members.length,
        bytes: members.reduce((sum, { bytes }) => sum + bytes, 0),
        isOpen,
      };
      const inside = members.map((tensor): TensorRow => ({
        kind: 'tensor',
        tensor,
        label:
          group === CONSTANTS || group === ''
            ? nameOf(tensor)
            : nameOf(tensor).slice(group.length + 1),
      }));
      return isOpen ? [head, ...inside] : [head];
    },
  );
}

function grouped(tensors: readonly StoredTensor[]): Map<string, StoredTensor[]> {
  const groups = new Map<string, StoredTensor[]>();
  for (const tensor of tensors) {
    const group = groupOf(tensor);
    const members = groups.get(group);
    if (members === undefined) {
      groups.set(group, [tensor]);
    } else {
      members.push(tensor);
    }
  }
  return groups;
}
