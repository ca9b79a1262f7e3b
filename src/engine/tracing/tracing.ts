import type { AttentionSite } from '../../shared/attention';
import { InMemoryMaps, type AttentionPattern } from '../../trace/inMemoryMaps';
import type { MapSource } from '../../trace/mapSource';
import {
  GraphRun,
  type RatedTokens,
  type MapSizes,
  type ModelResults,
  type ReducedLayer,
} from './graphRun';
import type { TappedGraph } from '../modelGraph';
import { RerunMaps } from './rerunMaps';
import type { Tensor } from '../runtime/tensor';

/** Cells on a side of the thumbnails that the first run makes: what the attention panel asks for. */
const THUMBNAIL_CELLS = 64;

/**
 * Up to this size, all maps together are kept in memory, so that showing another head takes no run. It is
 * reached at 236 tokens by a model of the size of GPT-2 small; copying the maps out of the runtime takes
 * some 10 ms.
 */
export const KEPT_MAX_BYTES = 32 * 2 ** 20;

/** Runs one text through the graphs of a model, one after the other, and collects their attention maps. */
export class Tracing {
  private readonly runs: GraphRun[] = [];
  private readonly patterns: AttentionPattern[] = [];
  private readonly layers: ReducedLayer[] = [];

  /**
   * @param bytes of all maps together.
   * @param heads of a layer.
   */
  constructor(
    private readonly bytes: number,
    private readonly heads: number,
    private readonly sizes: MapSizes,
  ) {}

  /**
   * Runs a graph.
   * @param outputs what is wanted of the model besides its attention.
   * @param rated the tokens that a decoder reads, for it to rate them.
   * @throws Failure `runtime`, or `unsupported` when maps are not of the form that they should be.
   */
  async run(
    graph: TappedGraph,
    feeds: ReadonlyMap<string, Tensor>,
    outputs: readonly string[],
    rated?: RatedTokens,
  ): Promise<ModelResults> {
    const run = new GraphRun(graph, feeds, this.sizes, rated);
    if (this.isKept) {
      const { patterns, ...results } = await run.whole(outputs);
      this.patterns.push(...patterns);
      return results;
    }
    const { layers, ...results } = await run.reduced(THUMBNAIL_CELLS, this.heads, outputs);
    this.runs.push(run);
    this.layers.push(...layers);
    return results;
  }

  /** The layers of all graphs that ran, and where their maps are to be had. */
  get result(): { sites: AttentionSite[]; maps: MapSource } {
    if (this.isKept) {
      const maps = new InMemoryMaps(this.patterns);
      return { sites: maps.sites, maps };
    }
    return {
      sites: this.layers.map(({ site }) => site),
      maps: new RerunMaps(this.runs, this.layers, THUMBNAIL_CELLS),
    };
  }

  private get isKept(): boolean {
    return this.bytes <= KEPT_MAX_BYTES;
  }
}
