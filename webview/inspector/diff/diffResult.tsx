import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { byteSize } from '../../../src/shared/byteSize';
import { Failure } from '../../../src/shared/failure';
import type { RemoteInspector, ShownDiff } from '../../../src/shared/inspector';
import type { DiffedModel } from '../../../src/shared/modelDiff';
import { explain } from '../../ui/translate';
import { figure } from '../figure';
import { Lead } from '../lead';
import type { Place } from '../place';
import { shownName } from '../shownName';
import { Behaviour } from './behaviour';
import { StructureDifferences } from './structureDifferences';
import { TensorDifferences } from './tensorDifferences';

export interface DiffResultProps {
  shown: ShownDiff;
  names: { a: string; b: string };
  /** Whether the model that is inspected is B. */
  isSwapped: boolean;
  host: RemoteInspector;
  onRead: (text: string) => void;
  onShow: (place: Place) => void;
}

/** What a comparison found: what both make of a text, then their numbers, then their graphs. */
export function DiffResult({
  shown,
  names,
  isSwapped,
  host,
  onRead,
  onShow,
}: DiffResultProps): VNode {
  const { diff, lead, graphs } = shown;
  const { a, b, behaviour, tensors } = diff;
  return (
    <>
      <Lead sentences={lead} />
      <table class="sides">
        <tbody>
          <SideRow side="A" name={names.a} model={a} />
          <SideRow side="B" name={names.b} model={b} />
        </tbody>
      </table>
      <OnlyIn side="A" files={diff.onlyInA} />
      <OnlyIn side="B" files={diff.onlyInB} />
      {behaviour !== undefined &&
        ('lacking' in behaviour ? (
          <section class="section">
            <h2>{l10n.t('Behaviour')}</h2>
            <p class="quiet">
              {l10n.t('Not compared. {0}', explain(new Failure(behaviour.lacking)))}
            </p>
          </section>
        ) : (
          <Behaviour behaviour={behaviour} host={host} onRead={onRead} />
        ))}
      <div class="diff-parts">
        <TensorDifferences tensors={tensors} side={isSwapped ? 'b' : 'a'} onShow={onShow} />
        {diff.graphs.length > 0 && <StructureDifferences graphs={diff.graphs} words={graphs} />}
      </div>
    </>
  );
}

function SideRow({
  side,
  name,
  model: { bytes, nodes, dtypes },
}: {
  side: string;
  name: string;
  model: DiffedModel;
}): VNode {
  return (
    <tr>
      <th scope="row">{side}</th>
      <td>{shownName(name)}</td>
      <td class="number">{byteSize(bytes, document.documentElement.lang || 'en')}</td>
      <td class="quiet">{dtypes.map(({ dtype }) => dtype).join(', ')}</td>
      <td class="quiet number">{nodes > 0 && l10n.t('{0} nodes', figure(nodes))}</td>
    </tr>
  );
}

function OnlyIn({ side, files }: { side: string; files: readonly string[] }): VNode | null {
  return files.length === 0 ? null : (
    <p class="quiet">
      {l10n.t(
        'Only {0} has {1}, which was compared with nothing.',
        side,
        files.map((file) => shownName(file.split(/[\\/]/).at(-1) ?? file)).join(', '),
      )}
    </p>
  );
}
