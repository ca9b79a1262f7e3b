import { specimens } from './corpus';
import { examine, type Outcome } from './examine';
import { mutate, type Mutant } from './mutate';
import { Random } from './random';

/** What one file may cost: CPU time in milliseconds, and bytes of buffers in all. */
export const COST = { cpuMs: 1000, bufferBytes: 256 * 2 ** 20 };

/** Makes the files of one seed, each by its index alone. */
export class Round {
  private readonly corpus = specimens();
  private readonly files = this.corpus.map(({ bytes }) => bytes);

  constructor(private readonly seed: number) {}

  mutant(index: number): Mutant {
    const random = new Random(this.seed, index);
    // Small files have the same parts as large ones, and more of them fit into an hour.
    const [one, other] = [random.of(this.corpus), random.of(this.corpus)];
    const { name, bytes } =
      one.bytes.length < other.bytes.length || random.unit() < 0.2 ? one : other;
    const { changes, ...mutant } = mutate(bytes, this.files, random);
    return { ...mutant, changes: [name, ...changes] };
  }
}

/** Examines files and counts what they cost. Make one in a process, since it counts all buffers. */
export class Examiner {
  private bufferBytes = 0;

  constructor() {
    const count = (bytes: number): void => {
      this.bufferBytes += bytes;
    };
    for (const name of ['ArrayBuffer', 'Uint8Array'] as const) {
      const original = globalThis[name];
      const counting = new Proxy(original, {
        construct(target, args: unknown[]) {
          const made = Reflect.construct(target, args) as ArrayBuffer | Uint8Array;
          // A view of a buffer that is there takes no memory.
          if (typeof args[0] === 'number') {
            count(made.byteLength);
          }
          return made;
        },
      });
      Reflect.set(globalThis, name, counting);
    }
  }

  /** @throws Error if the file does harm or costs too much */
  async examine(bytes: Uint8Array): Promise<Outcome> {
    this.bufferBytes = 0;
    const start = process.cpuUsage();
    const outcome = await examine(bytes);
    const { user, system } = process.cpuUsage(start);
    const cpuMs = (user + system) / 1000;
    if (cpuMs > COST.cpuMs) {
      throw new Error(`it took ${cpuMs.toFixed(0)} ms of CPU time`);
    }
    if (this.bufferBytes > COST.bufferBytes) {
      throw new Error(`it took ${this.bufferBytes} bytes of buffers`);
    }
    return outcome;
  }
}
