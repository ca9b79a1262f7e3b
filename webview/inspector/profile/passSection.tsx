import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { byteSize } from '../../../src/shared/byteSize';
import { milliseconds } from '../../../src/shared/milliseconds';
import type { PassProfile } from '../../../src/shared/modelProfile';
import { Lead } from '../lead';
import { shownName } from '../shownName';
import { ModuleTimes } from './moduleTimes';
import { TimeCells } from './timeCells';

/** Operators that are told; those beyond take next to nothing. */
const MOST_OPERATORS = 15;

/** One way in which a graph runs: how long it takes, and what in it takes how long. */
export function PassSection({
  pass,
  title,
  lead,
}: {
  pass: PassProfile;
  title: string;
  lead: readonly string[];
}): VNode {
  const { file, load, first, steady, profiled, operators, peakMemory, unplaced, outside } = pass;
  const whole = (pass.modules[0]?.time ?? 0) + unplaced + outside;
  return (
    <section class="section">
      <h2>
        {title}
        <span class="quiet">{shownName(file.split(/[\\/]/).at(-1) ?? file)}</span>
      </h2>
      <Lead sentences={lead} />
      <dl class="pass-figures">
        <Figure label={l10n.t('Loading')} value={milliseconds(load)} />
        <Figure label={l10n.t('First run')} value={milliseconds(first)} />
        <Figure
          label={l10n.t('Later runs')}
          value={milliseconds(steady.median)}
          aside={l10n.t('{0} to {1}', milliseconds(steady.least), milliseconds(steady.most))}
        />
        <Figure
          label={l10n.t('with the profiler on')}
          value={milliseconds(profiled.median)}
          aside={l10n.t('{0} to {1}', milliseconds(profiled.least), milliseconds(profiled.most))}
        />
        {peakMemory !== undefined && (
          <Figure
            label={l10n.t('Memory of the runtime')}
            value={l10n.t('{0} at the peak', byteSize(peakMemory))}
          />
        )}
      </dl>
      <div class="pass-parts">
        <ModuleTimes pass={pass} whole={whole} />
        <table class="figure-table times">
          <thead>
            <tr class="quiet">
              <th scope="col">{l10n.t('Operator')}</th>
              <th scope="col" class="number">
                {l10n.t('Time')}
              </th>
              <td />
              <th scope="col" class="number">
                {l10n.t('Share')}
              </th>
              <th scope="col" class="number">
                {l10n.t('Calls')}
              </th>
            </tr>
          </thead>
          <tbody>
            {operators.slice(0, MOST_OPERATORS).map(({ name, time, calls }) => (
              <tr key={name}>
                <th scope="row">{shownName(name)}</th>
                <TimeCells time={time} calls={calls} whole={whole} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Figure({ label, value, aside }: { label: string; value: string; aside?: string }): VNode {
  return (
    <div>
      <dt class="quiet">{label}</dt>
      <dd>
        {value} {aside !== undefined && <span class="quiet">{aside}</span>}
      </dd>
    </div>
  );
}
