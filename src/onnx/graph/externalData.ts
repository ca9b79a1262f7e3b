import { Failure, phrase } from '../../shared/failure';
import type { OnnxModel } from './model';
import { allTensors } from './walk';

/** Another file that holds tensors of a model. */
export interface ExternalFile {
  /** Path relative to the model file's folder, with `/` between its parts; checked. */
  location: string;
  /** Size that the file must have at least, in bytes, so that every tensor lies within it. */
  bytes: number;
}

/**
 * The files beside the model file that hold its weights, each once, by location.
 *
 * The paths are checked as text alone. Whether a part of one is a symbolic link that leads out of
 * the folder is for the caller to check, who has a file system.
 *
 * @param file What to call the model file in error messages.
 * @throws Failure of kind `model` for a location that is absolute, climbs out of the folder, or
 *   could be understood as such on any system.
 */
export function externalLocations(model: OnnxModel, file: string): ExternalFile[] {
  const bytes = new Map<string, number>();
  for (const { data } of allTensors(model)) {
    if (data.kind === 'external') {
      const location = safeLocation(data.location, file);
      bytes.set(location, Math.max(bytes.get(location) ?? 0, data.offset + data.length));
    }
  }
  return [...bytes]
    .map(([location, size]) => ({ location, bytes: size }))
    .sort((a, b) => (a.location < b.location ? -1 : 1));
}

/**
 * Characters that no exporter puts into a file name. A colon begins a drive (`C:`) or an alternate
 * stream on Windows, a backslash divides paths there, a star begins ONNX Runtime's mark for an
 * address in memory (`_ORT_MEM_ADDR_`), and Windows allows none of the others in a name.
 */
const ODD_CHARACTERS = new Set('\\:*?"<>|');

/**
 * Checks a location as text alone. Answers it without empty parts and parts that are `.`.
 * @param file What to call the file that refers to it in error messages.
 * @throws Failure of kind `model`, as {@link externalLocations} says.
 */
export function safeLocation(location: string, file: string): string {
  const parts = location.split('/').filter((part) => part !== '.' && part !== '');
  const isOdd = Array.from(location).some((char) => char < ' ' || ODD_CHARACTERS.has(char));
  // `..`, and what Windows takes for it: it drops spaces and dots at the end of a name.
  const isClimbing = parts.some((part) => /[ .]$/.test(part));
  if (isOdd || location.startsWith('/') || isClimbing || parts.length === 0) {
    throw new Failure({
      kind: 'model',
      what: phrase('The model refers to weights outside its own folder'),
      where: `${file} → ${location}`,
      remedy: phrase('if you trust its source, export the model again with the weights beside it'),
    });
  }
  return parts.join('/');
}
