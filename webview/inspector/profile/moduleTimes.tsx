import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PassProfile } from '../../../src/shared/modelProfile';
import { shownName } from '../shownName';
import { timeRows } from './timeRows';
import { TimeCells } from './timeCells';

/** The time of modules as a tree whose lines open and close. */
export function ModuleTimes({ pass, whole }: { pass: PassProfile; whole: number }): VNode {
  const { modules, unplaced, outside } = pass;
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
  const toggle = (index: number): void => {
    const next = new Set(toggled);
    if (!next.delete(index)) {
      next.add(index);
    }
    setToggled(next);
  };
  return (
    <table class="figure-table times" aria-label={l10n.t('Time of modules')}>
      <thead>
        <tr class="quiet">
          <th scope="col">{l10n.t('Module')}</th>
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
        {timeRows(modules, toggled).map(({ index, depth, isOpen }) => {
          const module = modules[index];
          if (module === undefined) {
            return null;
          }
          const name = module.name === '' ? l10n.t('the model') : shownName(module.name);
          return (
            <tr key={index}>
              <th scope="row" style={{ paddingInlineStart: `${depth * 12}px` }}>
                {isOpen === undefined ? (
                  <span class="leaf">{name}</span>
                ) : (
                  <button
                    type="button"
                    class="name module-name"
                    aria-expanded={isOpen}
                    onClick={() => toggle(index)}
                  >
                    <span class={isOpen ? 'twisty open' : 'twisty'} aria-hidden="true" />
                    {name}
                  </button>
                )}
              </th>
              <TimeCells time={module.time} calls={module.calls} whole={whole} />
            </tr>
          );
        })}
        <tr>
          <th scope="row" class="quiet">
            {l10n.t('Made by the runtime, of no module')}
          </th>
          <TimeCells time={unplaced} whole={whole} />
        </tr>
        <tr>
          <th scope="row" class="quiet">
            {l10n.t('Outside of nodes')}
          </th>
          <TimeCells time={outside} whole={whole} />
        </tr>
      </tbody>
    </table>
  );
}
