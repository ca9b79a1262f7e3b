import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { isEncoderDecoder, type TraceSummary } from '../../src/shared/attention';
import { TokenText } from '../ui/tokenStrip';
import type { TraceState } from './context';
import { sequenceLabel } from './groupWords';
import { groupOf } from './siteGroups';

/** What a trace is of, and what the user should know of it. */
export function TraceAbout({ trace, document, notes }: TraceState): VNode {
  const { name } = trace.model;
  return (
    <div class="trace-about">
      <div class="trace-title">
        <h1 title={name}>{name}</h1>
        <span class="quiet" title={document}>
          {document}
        </span>
      </div>
      <p class="quiet">{shapeOf(trace)}</p>
      {isEncoderDecoder(trace) && <Result trace={trace} />}
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** How many layers, heads and tokens there are. */
function shapeOf({ sites, sequences }: TraceSummary): string {
  const heads = Math.max(0, ...sites.map((site) => site.heads));
  const { encoder = [], decoder = [] } = sequences;
  if (!isEncoderDecoder({ sequences })) {
    return l10n.t(
      '{0} layers × {1} heads · {2} tokens',
      sites.length,
      heads,
      encoder.length + decoder.length,
    );
  }
  const layers = (group: string) => sites.filter((site) => groupOf(site) === group).length;
  return l10n.t(
    '{0} encoder and {1} decoder layers × {2} heads · {3} source and {4} result tokens',
    layers('encoder'),
    layers('decoder'),
    heads,
    encoder.length,
    decoder.length,
  );
}

/** What the decoder read, which is what the model answers: its tokens but for the special ones. */
function Result({ trace: { sequences } }: { trace: TraceSummary }): VNode {
  const tokens = sequences.decoder?.filter(({ special }) => !special) ?? [];
  return (
    <p class="result">
      <span class="result-title quiet">{sequenceLabel('decoder')}</span>
      {tokens.length === 0 ? (
        <span class="quiet">{l10n.t('The model wrote nothing.')}</span>
      ) : (
        <TokenText tokens={tokens} />
      )}
    </p>
  );
}
