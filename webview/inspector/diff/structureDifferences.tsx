import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type { ShownDiff } from '../../../src/shared/inspector';
import type { DiffedNode, GraphDiff, NodeChange, ValueChange } from '../../../src/shared/modelDiff';
import { figure } from '../figure';
import { shownName } from '../shownName';

/** How both models are called, in every language. */
const SIDES = ['A', 'B'];

/** Nodes of a list that are told. */
const MOST_NODES = 200;

/** How the graphs differ, one after the other. */
export function StructureDifferences({
  graphs,
  words,
}: {
  graphs: readonly GraphDiff[];
  words: ShownDiff['graphs'];
}): VNode {
  return (
    <div class="structure-differences">
      {graphs.map((graph, index) => (
        <Structure key={graph.a} graph={graph} words={words[index]} isAlone={graphs.length === 1} />
      ))}
    </div>
  );
}

function Structure({
  graph,
  words,
  isAlone,
}: {
  graph: GraphDiff;
  words: ShownDiff['graphs'][number] | undefined;
  isAlone: boolean;
}): VNode {
  const { nodes, operators, opsets, producer, modules } = graph;
  const { changed, onlyInA, onlyInB } = nodes.counts;
  const counts = [
    l10n.t('{0} nodes the same', figure(nodes.same)),
    ...(nodes.renamed > 0 ? [l10n.t('{0} renamed', figure(nodes.renamed))] : []),
    ...(changed > 0 ? [l10n.t('{0} changed', figure(changed))] : []),
    ...(onlyInA > 0 ? [l10n.t('{0} gone', figure(onlyInA))] : []),
    ...(onlyInB > 0 ? [l10n.t('{0} new', figure(onlyInB))] : []),
  ];
  return (
    <section class="section">
      <h2>
        {l10n.t('Structure')}
        <span class="quiet">
          {[...(isAlone ? [] : [nameOf(graph.a)]), counts.join(', ')].join(' · ')}
        </span>
      </h2>
      {operators.length > 0 && (
        <table class="figure-table">
          <thead>
            <tr class="quiet">
              <th scope="col">{l10n.t('Operator')}</th>
              {SIDES.map((side) => (
                <th key={side} scope="col" class="number">
                  {side}
                </th>
              ))}
              <th scope="col" class="number">
                {l10n.t('Change')}
              </th>
            </tr>
          </thead>
          <tbody>
            {operators.map(({ name, a, b }) => (
              <tr key={name}>
                <th scope="row">
                  <span class="sign" aria-hidden="true">
                    {b > a ? '+' : '−'}
                  </span>
                  {shownName(name)}
                </th>
                <td class="number">{a === 0 ? '–' : figure(a)}</td>
                <td class="number">{b === 0 ? '–' : figure(b)}</td>
                <td class="number">
                  {b > a ? '+' : '−'}
                  {figure(Math.abs(b - a))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {words?.replaced.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {words?.unchanged.map((sentence) => (
        <p key={sentence} class="quiet">
          {sentence}
        </p>
      ))}
      {producer !== undefined && (
        <p class="quiet">
          {l10n.t('Written by {0} and {1}.', producer.a || '–', producer.b || '–')}
        </p>
      )}
      {opsets.map(({ domain, a, b }) => (
        <p key={domain}>
          {l10n.t('Operator set {0}: {1} in A, {2} in B.', domain, a ?? '–', b ?? '–')}
        </p>
      ))}
      <Values
        label={l10n.t('Inputs that differ: {0}', graph.inputs.length)}
        changes={graph.inputs}
      />
      <Values
        label={l10n.t('Outputs that differ: {0}', graph.outputs.length)}
        changes={graph.outputs}
      />
      <Names
        label={l10n.t('Modules only in A: {0}', modules.onlyInA.length)}
        names={modules.onlyInA}
      />
      <Names
        label={l10n.t('Modules only in B: {0}', modules.onlyInB.length)}
        names={modules.onlyInB}
      />
      <Changes label={l10n.t('Nodes changed: {0}', figure(changed))} changes={nodes.changed} />
      <Names
        label={l10n.t('Nodes only in A: {0}', figure(onlyInA))}
        names={nodes.onlyInA.map(nodeText)}
      />
      <Names
        label={l10n.t('Nodes only in B: {0}', figure(onlyInB))}
        names={nodes.onlyInB.map(nodeText)}
      />
    </section>
  );
}

function Names({ label, names }: { label: string; names: readonly string[] }): VNode | null {
  return names.length === 0 ? null : (
    <details>
      <summary>{label}</summary>
      <ul class="names">
        {names.slice(0, MOST_NODES).map((name, index) => (
          <li key={index}>{shownName(name)}</li>
        ))}
        {names.length > MOST_NODES && <li>…</li>}
      </ul>
    </details>
  );
}

function Values({
  label,
  changes,
}: {
  label: string;
  changes: readonly ValueChange[];
}): VNode | null {
  const names = changes.map(({ name, a = '–', b = '–' }) => `${name}: ${a} → ${b}`);
  return <Names label={label} names={names} />;
}

function Changes({
  label,
  changes,
}: {
  label: string;
  changes: readonly NodeChange[];
}): VNode | null {
  const names = changes.map(({ a, attributes, inputs }) => {
    const parts = [
      ...attributes.map(({ name, a: one = '–', b: other = '–' }) =>
        one === other ? l10n.t('other numbers in {0}', name) : `${name} ${one} → ${other}`,
      ),
      ...inputs.map((input) => l10n.t('input {0} comes from elsewhere', input)),
    ];
    return `${nodeText(a)}: ${parts.join(', ')}`;
  });
  return <Names label={label} names={names} />;
}

function nodeText({ name, operator }: DiffedNode): string {
  return name === '' ? operator : `${operator} ${name}`;
}

function nameOf(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
