import { specimens } from './corpus';
import type { Format, Specimen } from './corpus';
import { examine, type Outcome } from './examine';
import { mutate, type Mutant } from './mutate';
import { Random } from './random';

/**
 * What one file may cost: CPU time in milliseconds, bytes of buffers in all, and bytes by which the
 * most memory that the process ever took may grow.
 */
export const COST = { cpuMs: 1000, bufferBytes: 256 * 2 ** 20, memoryBytes: 256 * 2 ** 20 };

/** Of how many files each is chosen; the format of all of them is the same. */
const SHARES: readonly (readonly [format: Format, share: number])[] = [
  ['onnx', 0.78],
  ['safetensors', 0.12],
  ['index', 0.02],
  ['tokenizer', 0.05],
  ['configuration', 0.03],
];

/** Small files have the same parts as large ones, and more of them fit into an hour. */
const CANDIDATES = 8;
const LARGE_SHARE = 0.08;

/** Makes the files of one seed, each by its index alone. */
export class Round {
  private readonly corpus = specimens();
  private readonly graphs = this.ofFormat('onnx').map(({ bytes }) => bytes);

  constructor(private readonly seed: number) {}

  mutant(index: number): Mutant {
    const random = new Random(this.seed, index);
    return mutate(this.specimen(random), this.graphs, random);
  }

  private specimen(random: Random): Specimen {
    let left = random.unit();
    const [format] = SHARES.find(([, share]) => (left -= share) < 0) ?? ['onnx'];
    const files = this.ofFormat(format);
    const drawn = Array.from({ length: CANDIDATES }, () => random.of(files));
    return random.unit() < LARGE_SHARE
      ? random.of(drawn)
      : drawn.reduce((least, file) => (file.bytes.length < least.bytes.length ? file : least));
  }

  private ofFormat(format: Format): Specimen[] {
    return this.corpus.filter((file) => file.format === format);
  }
}

/** What buffers are made by. Views of a buffer that is there take no memory. */
const BUFFERS = [
  ...['ArrayBuffer', 'Uint8Array', 'Int8Array', 'Uint16Array', 'Int16Array', 'Uint32Array'],
  ...['Int32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'],
] as const;

/** Examines files and counts what they cost. Make one in a process, since it counts all buffers. */
export class Examiner {
  private bufferBytes = 0;

  constructor() {
    for (const name of BUFFERS) {
      const original = Reflect.get(globalThis, name) as typeof Uint8Array;
      const counting = new Proxy(original, {
        construct: (target, args: unknown[]) => {
          const made = Reflect.construct(target, args) as Uint8Array;
          if (!(args[0] instanceof ArrayBuffer)) {
            this.bufferBytes += made.byteLength;
          }
          return made;
        },
      });
      Reflect.set(globalThis, name, counting);
    }
  }

  /** @throws Error if the file does harm or costs too much */
  async examine({ bytes, format }: Mutant): Promise<Outcome> {
    this.bufferBytes = 0;
    const memory = mostMemory();
    let { outcome, cpuMs } = await timed(bytes, format);
    const grown = mostMemory() - memory;
    const { bufferBytes } = this;
    // The first of its kind is compiled meanwhile, and the collector may clear up after others.
    for (let tries = 2; cpuMs > COST.cpuMs && tries > 0; tries--) {
      ({ outcome, cpuMs } = await timed(bytes, format));
    }
    if (cpuMs > COST.cpuMs) {
      throw new Error(`it took ${cpuMs.toFixed(0)} ms of CPU time`);
    }
    if (bufferBytes > COST.bufferBytes) {
      throw new Error(`it took ${bufferBytes} bytes of buffers`);
    }
    if (grown > COST.memoryBytes) {
      throw new Error(`it took ${grown} bytes of memory`);
    }
    return outcome;
  }
}

async function timed(
  bytes: Uint8Array,
  format: Format,
): Promise<{ outcome: Outcome; cpuMs: number }> {
  const start = process.cpuUsage();
  const outcome = await examine(bytes, format);
  const { user, system } = process.cpuUsage(start);
  return { outcome, cpuMs: (user + system) / 1000 };
}

/** The most memory that this process ever took, in bytes. */
export function mostMemory(): number {
  return process.resourceUsage().maxRSS * 2 ** 10;
}
