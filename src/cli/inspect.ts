import type { Engine } from '../engine/engine';
import { costFigures } from '../shared/costAt';
import { Failure } from '../shared/failure';
import type { Costs } from '../shared/modelCost';
import type { UnreadFile } from '../shared/modelOutline';
import { DONE, FAILED, type ExitStatus } from './exitStatus';
import { withShellAdvice } from './shellAdvice';
import * as show from './show';
import { noProgress, toJsonLine, type Terminal } from './terminal';
import type { InvocationOf } from './usage';

/**
 * Shows what a path holds, or what it takes to run. Files that cannot be read are named, and do not hide
 * the others.
 * @throws Failure
 */
export async function inspect(
  engine: Engine,
  { path, cost, json }: InvocationOf<'inspect'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  if (cost !== undefined) {
    return showCosts(await engine.cost({ path }, noProgress()), cost, json, terminal);
  }
  const { outlines, unread } = await engine.inspect({ path }, noProgress());
  const [only, ...others] = [...outlines, ...unread];
  const stacks = json ? [] : await engine.stack({ path }, noProgress());
  terminal.out(
    json
      ? toJsonLine(others.length === 0 ? only : { models: [only, ...others] })
      : outlines.map((outline) => show.formatOutline(outline, stacks)).join('\n'),
  );
  return noteUnread(unread, terminal);
}

function showCosts(
  { models, unread }: Costs,
  asked: { context?: number; batch: number },
  json: boolean,
  terminal: Terminal,
): ExitStatus {
  const shown = models.map((model) => {
    const setting = {
      context: asked.context ?? model.context ?? UNBOUNDED_CONTEXT,
      batch: asked.batch,
    };
    return { model, setting, figures: costFigures(model, setting) };
  });
  const objects = [
    ...shown.map(({ model, setting, figures }) => ({
      ...model,
      figures: { ...setting, ...figures },
    })),
    ...unread,
  ];
  terminal.out(
    json
      ? toJsonLine(objects.length === 1 ? objects[0] : { models: objects })
      : shown
          .map(({ model, setting, figures }) => show.formatCost(model, setting, figures))
          .join('\n'),
  );
  for (const { model, setting } of shown) {
    if (model.context !== undefined && setting.context > model.context) {
      terminal.note(
        `${model.path} can see ${model.context.toLocaleString('en')} tokens at once; the figures are of more`,
      );
    }
  }
  return noteUnread(unread, terminal);
}

/** Tokens of a text where nothing says how many a model can see. */
const UNBOUNDED_CONTEXT = 512;

function noteUnread(unread: readonly UnreadFile[], terminal: Terminal): ExitStatus {
  for (const { failure } of unread) {
    terminal.note(withShellAdvice(new Failure(failure)).message);
  }
  return unread.length === 0 ? DONE : FAILED;
}
