import { ENTRY } from './schema';
import type { Field, WireReader } from './wireReader';

/**
 * Reads a StringStringEntryProto into a map. A value too long to be kept is left out, as is one
 * whose key is not among `keys`, where these are given.
 */
export async function readEntry(
  wire: WireReader,
  message: Field,
  into: Map<string, string>,
  keys?: ReadonlySet<string>,
): Promise<void> {
  wire.spend('entries', message);
  const entry: { key: string; value: string | undefined } = { key: '', value: '' };
  await wire.readMessage(message, ENTRY, async (field) => {
    switch (field.number) {
      case ENTRY.key:
        entry.key = await wire.name(field);
        break;
      case ENTRY.value:
        // Exporters write the key first, so that a value nobody wants is not even decoded.
        if (keys === undefined || keys.has(entry.key)) {
          entry.value = await wire.text(field);
        }
        break;
    }
  });
  if (entry.value !== undefined && (keys === undefined || keys.has(entry.key))) {
    into.set(entry.key, entry.value);
  }
}
