import { Failure, phrase } from '../../shared/failure';
import type { Activation } from '../activations';

/** Far above every published model; keeps a damaged file from asking for absurd amounts of memory. */
const MAXIMUM = 1_000_000_000;

/** Layers of the largest published models are some 130. */
const MAXIMUM_LAYERS = 10_000;

/** Activations by the names that config.json has for them. */
const ACTIVATIONS: ReadonlyMap<unknown, Activation> = new Map<unknown, Activation>([
  ['relu', 'relu'],
  ['gelu', 'gelu'],
  ['gelu_python', 'gelu'],
  ['gelu_new', 'gelu_tanh'],
  ['gelu_fast', 'gelu_tanh'],
  ['gelu_pytorch_tanh', 'gelu_tanh'],
  ['silu', 'silu'],
  ['swish', 'silu'],
  ['tanh', 'tanh'],
]);

/** Reads the entries of a parsed config.json, each with its bounds. */
export class ConfigReader {
  private readonly entries: Readonly<Record<string, unknown>>;

  /** @throws Failure of kind `model` if it is no object. */
  constructor(
    config: unknown,
    private readonly where = 'config.json',
  ) {
    if (typeof config !== 'object' || config === null || Array.isArray(config)) {
      throw new Failure({
        kind: 'model',
        what: phrase('The file is not a JSON object'),
        where,
        remedy: phrase('correct it, or download the file again from the model’s publisher'),
      });
    }
    this.entries = config as Readonly<Record<string, unknown>>;
  }

  /** An entry as it is; undefined if it is absent or null. */
  entry(key: string): unknown {
    return this.entries[key] ?? undefined;
  }

  /** A whole number from 1. @throws Failure of kind `model` if it is absent or none. */
  size(key: string, maximum = MAXIMUM): number {
    const value = this.optionalSize(key, maximum);
    if (value === undefined) {
      throw this.failure(phrase('The file lacks “{0}”', key));
    }
    return value;
  }

  /** The same, or undefined if it is absent. */
  optionalSize(key: string, maximum = MAXIMUM): number | undefined {
    const value = this.entry(key);
    if (value === undefined) {
      return undefined;
    }
    if (!Number.isInteger(value) || Number(value) < 1 || Number(value) > maximum) {
      throw this.failure(
        phrase(
          '“{0}” is {1}, but should be a whole number from 1 to {2}',
          key,
          JSON.stringify(value),
          maximum,
        ),
      );
    }
    return Number(value);
  }

  /** How many layers a stack has. */
  layers(key: string): number {
    return this.size(key, MAXIMUM_LAYERS);
  }

  /** A positive number, or what it is where it is absent. */
  number(key: string, otherwise: number): number {
    const value = this.entry(key) ?? otherwise;
    if (typeof value !== 'number' || !(value > 0)) {
      throw this.failure(
        phrase('“{0}” is {1}, but should be a positive number', key, JSON.stringify(value)),
      );
    }
    return value;
  }

  /** An id of a token, or what it is where it is absent. */
  id(key: string, otherwise: number): number {
    const value = this.entry(key) ?? otherwise;
    if (!Number.isInteger(value) || Number(value) < 0) {
      throw this.failure(
        phrase('“{0}” is {1}, but should be the id of a token', key, JSON.stringify(value)),
      );
    }
    return Number(value);
  }

  /** Whether an entry is true, or what it is where it is absent. */
  flag(key: string, otherwise: boolean): boolean {
    const value = this.entry(key) ?? otherwise;
    if (typeof value !== 'boolean') {
      throw this.failure(
        phrase('“{0}” is {1}, but should be true or false', key, JSON.stringify(value)),
      );
    }
    return value;
  }

  /** A list of whole numbers from 1. */
  sizes(key: string): number[] {
    const value = this.entry(key);
    if (!Array.isArray(value) || value.length === 0) {
      throw this.failure(phrase('The file lacks “{0}”', key));
    }
    const list = new ConfigReader(
      Object.fromEntries(value.map((each, i) => [`${key}.${i}`, each])),
    );
    return value.map((_, i) => list.size(`${key}.${i}`));
  }

  /** An object within. */
  within(key: string): ConfigReader | undefined {
    const value = this.entry(key);
    return value === undefined ? undefined : new ConfigReader(value, `${this.where}, ${key}`);
  }

  /** @throws Failure of kind `unsupported` if it is not one of {@link ACTIVATIONS}. */
  activation(key: string, otherwise: string): Activation {
    const value = this.entry(key) ?? otherwise;
    const activation = ACTIVATIONS.get(value);
    if (activation === undefined) {
      throw this.unknownSetting(key);
    }
    return activation;
  }

  /** @throws Failure of kind `unsupported` if a setting is there and has none of these values. */
  mustBe(key: string, ...values: unknown[]): void {
    const value = this.entry(key);
    if (value !== undefined && !values.includes(value)) {
      throw this.unknownSetting(key);
    }
  }

  /** whole / parts. @throws Failure of kind `model` if it is no whole number. */
  share(whole: number, parts: number): number {
    if (whole % parts !== 0) {
      throw this.contradiction(`${whole} / ${parts}`);
    }
    return whole / parts;
  }

  /** The failure for entries that cannot be true together. */
  contradiction(values: string): Failure {
    return this.failure(phrase('These values contradict each other: {0}', values));
  }

  /** The failure for a setting that the reference does not know. */
  unknownSetting(key: string): Failure {
    return new Failure({
      kind: 'unsupported',
      what: phrase(
        'The reference Transformer does not know the setting “{0}”: {1}',
        key,
        JSON.stringify(this.entry(key) ?? null).slice(0, 60),
      ),
      where: this.where,
      remedy: phrase('use another model'),
    });
  }

  private failure(what: ReturnType<typeof phrase>): Failure {
    return new Failure({
      kind: 'model',
      what,
      where: this.where,
      remedy: phrase('correct it, or choose another model'),
    });
  }
}
