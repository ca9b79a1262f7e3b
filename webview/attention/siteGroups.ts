import type { AttentionSite, Component } from '../../src/shared/attention';

/** What the layers of a group have in common: the stack, or that they lie between the two. */
export type GroupName = Component | 'cross';

/** The layers that are looked at together. There is at least one. */
export interface SiteGroup {
  name: GroupName;
  sites: AttentionSite[];
}

/** The sequences on the two sides of a site's maps. */
export interface Sides {
  /** Whose tokens are the rows. */
  query: Component;
  /** Whose tokens are the columns. */
  key: Component;
}

type Place = Pick<AttentionSite, 'component' | 'kind'>;

export function groupOf({ component, kind }: Place): GroupName {
  return kind === 'cross' ? 'cross' : component;
}

/** The groups that a model has, in the order in which a text runs through them. */
export function groupSites(sites: readonly AttentionSite[]): SiteGroup[] {
  const names: GroupName[] = ['encoder', 'decoder', 'cross'];
  return names
    .map((name) => ({ name, sites: sites.filter((site) => groupOf(site) === name) }))
    .filter((group) => group.sites.length > 0);
}

export function sidesOf({ component, kind }: Place): Sides {
  return { query: component, key: kind === 'cross' ? 'encoder' : component };
}

/**
 * The side of a map whose token a cell shows in the editor: the query, but in cross-attention the
 * key, since it is the source that was selected there.
 */
export function revealedSide({ kind }: Pick<AttentionSite, 'kind'>): keyof Sides {
  return kind === 'cross' ? 'key' : 'query';
}
