import type { AttentionKind, AttentionSite, Thumbnails } from '../../shared/attention';
import { Failure, phrase } from '../../shared/failure';
import type { TokenRatings } from '../../onnx/instrument/nextTokenStatistics';
import type { LayerGroup, LayerReductions } from '../../onnx/instrument/mapStatisticsNames';
import type { AttentionPattern, MapSite } from '../../trace/inMemoryMaps';
import { reducedSite, reducedThumbnails, rowsSumToOne } from '../../trace/reducedSite';
import { planReduction, type ReductionPlan } from '../../trace/reductionPlan';
import type { TappedGraph } from '../modelGraph';
import { checkLogitsWidth } from '../generation/logitsWidth';
import { refusedMaps } from '../runtime/runtimeErrors';
import { asBytes, asFloat32, asIntegers, type Tensor } from '../runtime/tensor';
import { ratingFeeds } from './ratingFeeds';
import {
  NO_MAPS,
  reductionFeeds,
  WHOLE_MAPS,
  type MapPart,
  type WantedMaps,
} from './reductionFeeds';

/** How large the maps of each kind are. */
export type MapSizes = Record<AttentionKind, { queries: number; keys: number }>;

/** Outputs of the model itself, by name. */
export type ModelOutputs = ReadonlyMap<string, Tensor>;

/** A layer's maps, reduced inside the graph. */
export interface ReducedLayer {
  site: AttentionSite;
  thumbnails: Thumbnails;
}

/** Results of the first run of a text, besides its attention. */
export interface ModelResults {
  /** What was asked for by name. */
  outputs: ModelOutputs;
  /** A decoder's ratings of the tokens that it reads, if they were asked for and the graph has them. */
  ratings?: Float32Array;
}

type Wanted = Omit<WantedMaps, 'size'>;

/** The tokens that a decoder reads and is to rate. */
export interface RatedTokens {
  ids: readonly number[];
  /** How many tokens it knows; any number if absent. */
  vocabulary?: number;
}

/**
 * Runs one text through one graph. The feeds are kept, so that the graph can run again for maps that the
 * first run did not return. Each method is a run and may throw Failure `runtime`, or `unsupported` when the
 * maps do not have the expected shape.
 */
export class GraphRun {
  constructor(
    private readonly graph: TappedGraph,
    private readonly feeds: ReadonlyMap<string, Tensor>,
    private readonly sizes: MapSizes,
    private readonly rated?: RatedTokens,
  ) {}

  /** Whether the graph has a layer. */
  has(site: string): boolean {
    return this.graph.layers.some(({ id }) => id === site);
  }

  /**
   * Every map of all layers.
   * @param outputs what is wanted of the model besides.
   */
  async whole(
    outputs: readonly string[],
  ): Promise<ModelResults & { patterns: AttentionPattern[] }> {
    const { layers } = this.graph;
    const fetches = [...outputs, ...layers.map(({ maps }) => maps)];
    const { outputs: found, ...ratings } = await this.first({ part: () => WHOLE_MAPS }, fetches);
    const patterns = layers.map((layer): AttentionPattern => {
      const tensor = found.get(layer.maps) as Tensor;
      const [, heads = 0] = tensor.dims;
      const site = this.siteOf(layer, heads);
      check(tensor, [1, heads, site.queries, site.keys], layer);
      return { ...site, values: asFloat32(tensor) };
    });
    return { outputs: found, ...ratings, patterns };
  }

  /**
   * Statistics and thumbnails of all heads of all layers. In masked attention, keys behind the query are
   * skipped; if the rows then do not sum to 1, the layer does attend to them, and a second run takes all
   * keys.
   * @param size cells of a thumbnail at most on each side.
   * @param heads of a layer, as a guess.
   * @param outputs what is wanted of the model besides.
   */
  async reduced(
    size: number,
    heads: number,
    outputs: readonly string[],
  ): Promise<ModelResults & { layers: ReducedLayer[] }> {
    const causal = this.causalLayers();
    const found = await this.reducedBy(this.plans(size, heads, causal), outputs);
    const isWhole = causal.every(({ received, kind }) =>
      rowsSumToOne(asFloat32(found.outputs.get(received) as Tensor), this.sizes[kind]),
    );
    return isWhole ? found : this.reducedBy(this.plans(size, heads, []), outputs);
  }

  /** One head's map or some rows of it, [query][key]. */
  map(
    site: string,
    head: number,
    queries: readonly [from: number, to: number] = WHOLE_MAPS.queries,
  ): Promise<Float32Array> {
    return this.part(site, { heads: [head, head + 1], queries });
  }

  /** The maps of all heads of a layer, [head][query][key]. */
  layer(site: string): Promise<Float32Array> {
    return this.part(site, WHOLE_MAPS);
  }

  /**
   * The masked layers, if the rows of all of them are exact enough for a sum below 1 to show that a query
   * attends to later keys; else none.
   */
  private causalLayers(): LayerReductions[] {
    const masked = this.graph.layers.filter(({ kind }) => kind === 'masked');
    return masked.every(({ isExact }) => isExact) ? masked : [];
  }

  /** @param causal the layers whose plan leaves keys out. */
  private plans(
    size: number,
    heads: number,
    causal: readonly LayerReductions[],
  ): ReadonlyMap<LayerGroup, ReductionPlan> {
    const groups = new Map(this.graph.layers.map(({ group, kind }) => [group, kind]));
    return new Map(
      [...groups].map(([group, kind]) => {
        const isCausal = causal.some((layer) => layer.group === group);
        return [group, planReduction({ heads, ...this.sizes[kind] }, size, isCausal)];
      }),
    );
  }

  private async reducedBy(
    plans: ReadonlyMap<LayerGroup, ReductionPlan>,
    wanted: readonly string[],
  ): Promise<ModelResults & { layers: ReducedLayer[] }> {
    const { layers } = this.graph;
    const plan = ({ group }: LayerReductions): ReductionPlan => plans.get(group) as ReductionPlan;
    const found = await this.first({ part: () => NO_MAPS, plan }, [
      ...wanted,
      ...layers.flatMap(({ tiles, peaks, sums, received, marked }) => [
        tiles,
        peaks,
        sums,
        received,
        marked,
      ]),
    ]);
    return {
      ...found,
      layers: layers.map((layer) => this.reducedLayer(layer, plan(layer), found.outputs)),
    };
  }

  private async part(site: string, part: MapPart): Promise<Float32Array> {
    const layer = this.graph.layers.find(({ id }) => id === site) as LayerReductions;
    const found = await this.run({ part: (each) => (each === layer ? part : NO_MAPS) }, [
      layer.maps,
    ]);
    return asFloat32(found.get(layer.maps) as Tensor);
  }

  /** A run that brings what the model makes of the text, too. */
  private async first(wanted: Wanted, fetches: readonly string[]): Promise<ModelResults> {
    const { ratings: names } = this.graph;
    const { rated } = this;
    if (names?.vocabulary !== undefined && rated !== undefined) {
      checkLogitsWidth(names.vocabulary, rated.vocabulary);
    }
    const width = names?.vocabulary ?? rated?.vocabulary ?? Infinity;
    if (names === undefined || rated?.ids.every((id) => id < width) !== true) {
      return { outputs: await this.run(wanted, fetches) };
    }
    const outputs = await this.ratedRun(wanted, fetches, names, rated);
    const [, tokens] = asIntegers(outputs.get(names.shape) as Tensor);
    // Some exports return the last token's logits alone; padding behind a text has some as well.
    return Number(tokens) === (this.feeds.get('input_ids')?.dims[1] ?? rated.ids.length)
      ? { outputs, ratings: asFloat32(outputs.get(names.ratings) as Tensor) }
      : { outputs };
  }

  /**
   * A run that rates the tokens. Where it fails, it may be for logits that are not as wide as the
   * vocabulary, which another run tells.
   */
  private async ratedRun(
    wanted: Wanted,
    fetches: readonly string[],
    names: TokenRatings,
    { ids, vocabulary }: RatedTokens,
  ): Promise<Map<string, Tensor>> {
    const checked = (outputs: Map<string, Tensor>): Map<string, Tensor> => {
      const [, , width] = asIntegers(outputs.get(names.shape) as Tensor);
      checkLogitsWidth(Number(width), vocabulary);
      return outputs;
    };
    let outputs: Map<string, Tensor>;
    try {
      outputs = await this.run(wanted, [...fetches, names.ratings, names.shape], ids);
    } catch (error) {
      const shape = await this.run(wanted, [names.shape]).catch(() => undefined);
      if (shape !== undefined) {
        checked(shape);
      }
      throw error;
    }
    return checked(outputs);
  }

  private async run(
    wanted: Wanted,
    fetches: readonly string[],
    rated: readonly number[] = [],
  ): Promise<Map<string, Tensor>> {
    const { layers, ratings, session } = this.graph;
    const feeds = new Map([
      ...this.feeds,
      ...reductionFeeds(layers, { ...wanted, size: ({ kind }) => this.sizes[kind] }),
      ...(ratings === undefined ? [] : ratingFeeds(ratings, rated)),
    ]);
    try {
      return await session.run(feeds, fetches);
    } catch (error) {
      throw this.tokensAsBatch(error) ?? error;
    }
  }

  /** The failure of a model that takes the tokens of a text for texts of one token each. */
  private tokensAsBatch(error: unknown): Failure | undefined {
    const [batch = 1] = refusedMaps(error) ?? [];
    const layer = this.graph.layers.find(
      ({ kind }) => batch > 1 && this.sizes[kind].keys === batch,
    );
    return (
      layer &&
      new Failure(
        {
          kind: 'unsupported',
          what: phrase(
            'The model read the {0} tokens of the text as a batch of {0} texts, so that its attention is not between tokens: the maps are not [1, heads, tokens, tokens]',
            batch,
          ),
          where: layer.id,
          remedy: phrase('export the model again with batch_first=True'),
        },
        { cause: error },
      )
    );
  }

  private reducedLayer(
    layer: LayerReductions,
    plan: ReductionPlan,
    outputs: ReadonlyMap<string, Tensor>,
  ): ReducedLayer {
    const received = outputs.get(layer.received) as Tensor;
    const [, heads = 0] = received.dims;
    const site = this.siteOf(layer, heads);
    check(received, [1, heads, 1, site.keys], layer);
    const values = (name: string): Float32Array => asFloat32(outputs.get(name) as Tensor);
    const maps = {
      tiles: asBytes(outputs.get(layer.tiles) as Tensor),
      peaks: values(layer.peaks),
      sums: values(layer.sums),
      received: values(layer.received),
      marked: values(layer.marked),
    };
    return {
      site: reducedSite(site, maps, plan),
      thumbnails: reducedThumbnails(heads, maps, plan),
    };
  }

  private siteOf({ id, component, kind, layer }: LayerReductions, heads: number): MapSite {
    return { id, component, kind, layer, heads, ...this.sizes[kind] };
  }
}

function check({ dims }: Tensor, expected: readonly number[], { id }: LayerReductions): void {
  if (dims.length !== expected.length || dims.some((size, axis) => size !== expected[axis])) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The attention probabilities have the shape [{0}], which Headlight does not know',
        dims.join(', '),
      ),
      where: id,
      remedy: phrase('export the model again so that they are [batch, heads, queries, keys]'),
    });
  }
}
