import * as l10n from '@vscode/l10n';
import type { AttentionKind, AttentionSite, Component } from '../../src/shared/attention';
import type { GroupName } from './siteGroups';

/** What a group of layers is called on its tab. */
export function groupLabel(group: GroupName): string {
  return { encoder: l10n.t('Encoder'), decoder: l10n.t('Decoder'), cross: l10n.t('Cross') }[group];
}

/** Which tokens look at which in a group of layers. */
export function attentionDirection(group: GroupName): string {
  return {
    encoder: l10n.t('source → source'),
    decoder: l10n.t('result → result'),
    cross: l10n.t('result → source'),
  }[group];
}

/** What a text of an encoder–decoder model is called. */
export function sequenceLabel(component: Component): string {
  return { encoder: l10n.t('Source'), decoder: l10n.t('Result') }[component];
}

/** The kinds of attention that some layers have; there is hardly ever more than one. */
export function kindsOf(sites: readonly AttentionSite[]): string {
  const names: Record<AttentionKind, string> = {
    self: l10n.t('self-attention'),
    masked: l10n.t('masked self-attention'),
    cross: l10n.t('cross-attention'),
  };
  return Array.from(new Set(sites.map(({ kind }) => names[kind]))).join(' · ');
}
