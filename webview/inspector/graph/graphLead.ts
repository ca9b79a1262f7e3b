import * as l10n from '@vscode/l10n';
import type { ModuleGraph } from '../../../src/shared/moduleGraph';
import { shownName } from '../shownName';

/**
 * What a graph is: how many nodes, and the block that repeats most.
 * @param figure writes a number in the language of the page.
 */
export function graphLead(
  { nodes, modules, circular }: ModuleGraph,
  figure: (count: number) => string,
): string[] {
  const shown = nodes.filter(({ isFolded }) => isFolded !== true).length;
  const counts = new Map<number, number>();
  modules.forEach(({ equalTo }) => {
    if (equalTo !== undefined) {
      counts.set(equalTo, (counts.get(equalTo) ?? 1) + 1);
    }
  });
  const weight = ([first, count]: [number, number]): number => (modules[first]?.nodes ?? 0) * count;
  const [largest] = [...counts].sort((one, other) => weight(other) - weight(one));
  const block =
    largest === undefined
      ? l10n.t('The graph has **{0} nodes**.', figure(nodes.length))
      : weight(largest) > nodes.length / 2
        ? l10n.t(
            'Most of the graph is **{0} times the same block** of {1} nodes.',
            figure(largest[1]),
            figure(modules[largest[0]]?.nodes ?? 0),
          )
        : l10n.t(
            'The graph has **{0} nodes**, among them {1} times the same block of {2}.',
            figure(nodes.length),
            figure(largest[1]),
            figure(modules[largest[0]]?.nodes ?? 0),
          );
  return [
    ...(circular === undefined
      ? []
      : [l10n.t('**The graph goes in a circle** at {0}: no runtime can run it.', plain(circular))]),
    block,
    ...(shown < nodes.length
      ? [
          l10n.t(
            '{0} of {1} nodes are drawn; the others are constants, prepare weights or compute shapes.',
            figure(shown),
            figure(nodes.length),
          ),
        ]
      : []),
  ];
}

/** A name within a sentence whose emphasis is made of asterisks. */
function plain(name: string): string {
  return shownName(name).replaceAll('*', '');
}
