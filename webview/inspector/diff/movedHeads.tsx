import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { shareText } from './shareText';

interface Layer {
  site: string;
  heads: number[];
}

/** Heads whose figures have room in their cells. */
const MOST_FIGURES = 12;

/** How much of its attention each head gives to other tokens in B than in A, by layer and head. */
export function MovedHeads({ layers }: { layers: readonly Layer[] }): VNode {
  const all = layers.flatMap(({ site, heads }) =>
    heads.map((moved, head) => ({ site, head, moved })),
  );
  const most = all.reduce((best, each) => (each.moved > best.moved ? each : best), {
    site: '',
    head: 0,
    moved: 0,
  });
  const groups = [...new Set(layers.map(({ site }) => groupOf(site)))];
  return (
    <figure class="moved-heads">
      <figcaption class="quiet">{l10n.t('Attention moved, in % (layer × head)')}</figcaption>
      <div class="head-groups">
        {groups.map((group) => (
          <HeadTable
            key={group}
            group={group}
            layers={layers.filter(({ site }) => groupOf(site) === group)}
            most={most.moved}
          />
        ))}
      </div>
      <p>
        {most.moved > 0
          ? l10n.t(
              'Most in {0}, head {1}: {2} of the attention goes to other tokens.',
              layerWords(most.site),
              most.head,
              shareText(most.moved),
            )
          : l10n.t('No head looks elsewhere.')}
      </p>
    </figure>
  );
}

function HeadTable({
  group,
  layers,
  most,
}: {
  group: string;
  layers: readonly Layer[];
  most: number;
}): VNode {
  const heads = Math.max(...layers.map((layer) => layer.heads.length));
  const isSmall = heads > MOST_FIGURES;
  return (
    <table class={isSmall ? 'head-table small' : 'head-table'}>
      {group !== '' && <caption class="quiet">{groupWords(group)}</caption>}
      <thead>
        <tr>
          <td />
          {Array.from({ length: heads }, (_, head) => (
            <th key={head} scope="col" class="quiet">
              {isSmall && head % 4 > 0 ? '' : head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {layers.map(({ site, heads: moved }) => (
          <tr key={site}>
            <th scope="row" class="quiet">
              {layerOf(site)}
            </th>
            {moved.map((share, head) => (
              <td
                key={head}
                title={`${site}.${head}: ${shareText(share)}`}
                style={{ '--moved': `${most === 0 ? 0 : Math.round((100 * share) / most)}%` }}
              >
                <span class={isSmall ? 'visually-hidden' : undefined}>
                  {(100 * share).toFixed(1)}
                </span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `encoder.blocks.3.attn`: the stack, the layer, and whether it is attention to another sequence. */
const SITE = /^(?:(encoder|decoder)\.)?blocks\.(\d+)\.(\w+)$/;

function groupOf(site: string): string {
  const [, stack = '', , kind] = SITE.exec(site) ?? [];
  return kind === 'cross_attn' ? 'cross' : stack;
}

function groupWords(group: string): string {
  switch (group) {
    case 'encoder':
      return l10n.t('Encoder');
    case 'decoder':
      return l10n.t('Decoder');
    default:
      return l10n.t('Cross-attention');
  }
}

function layerOf(site: string): string {
  return SITE.exec(site)?.[2] ?? site;
}

function layerWords(site: string): string {
  const layer = layerOf(site);
  switch (groupOf(site)) {
    case 'encoder':
      return l10n.t('encoder layer {0}', layer);
    case 'decoder':
      return l10n.t('decoder layer {0}', layer);
    case 'cross':
      return l10n.t('cross-attention of layer {0}', layer);
    default:
      return l10n.t('layer {0}', layer);
  }
}
