import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type {
  BlockPart,
  BlockRun,
  ModelStack,
  NormKind,
  PositionScheme,
} from '../../../src/shared/modelStack';
import { PartBox } from './partBox';
import {
  embeddingWords,
  normWords,
  partWords,
  runWords,
  schemeWords,
  stackTitle,
  tableWords,
  unembeddingWords,
} from './stackWords';

export interface StackColumnProps {
  stack: ModelStack;
  /** Parameters of the largest part of the drawing. */
  largest: number;
  /** Whether the stream runs down the right side. */
  isMirrored: boolean;
  /** Whether a decoder looks at what comes out at the end. */
  feedsDecoder: boolean;
}

/** One stack, from its embedding down. */
export function StackColumn({ stack, largest, isMirrored, feedsDecoder }: StackColumnProps): VNode {
  const { embedding, positions, blocks, finalNorm, unembedding } = stack;
  const schemes = positions.flatMap((scheme) => schemeWords(scheme) ?? []);
  return (
    <section class={isMirrored ? 'stack mirrored' : 'stack'} data-component={stack.component}>
      <h2>{stackTitle(stack)}</h2>
      <ol>
        {embedding && (
          <li class="row from">
            <PartBox
              words={embeddingWords(embedding)}
              parameters={embedding.isTied ? undefined : embedding.parameters}
              isTied={embedding.isTied}
              largest={largest}
            />
          </li>
        )}
        {positions.map((scheme, index) => {
          const words = tableWords(scheme);
          return (
            words && (
              <li key={index} class="row">
                <PartBox words={words} parameters={tableSize(scheme)} largest={largest} />
                <Sum />
              </li>
            )
          );
        })}
        {embedding?.norm && <StreamNorm norm={embedding.norm} />}
        {blocks.map((run) => (
          <li key={run.first} class="run">
            <p class="run-title quiet">
              {runWords(run)}
              {run.count > 1 && <b>× {run.count}</b>}
            </p>
            <ol>
              <BlockRows run={run} schemes={schemes} largest={largest} />
            </ol>
          </li>
        ))}
        {finalNorm && <StreamNorm norm={finalNorm} />}
        {unembedding && (
          <li class="row reads last">
            <span class="read" />
            <PartBox
              words={unembeddingWords(unembedding)}
              parameters={unembedding.isTied ? undefined : unembedding.parameters}
              isTied={unembedding.isTied}
              largest={largest}
            />
          </li>
        )}
        {unembedding === undefined && !feedsDecoder && (
          <li class="row end">
            <span class="quiet">{l10n.t('Hidden states')}</span>
          </li>
        )}
        {feedsDecoder && (
          <li class="row memory">
            <span class="quiet">
              {l10n.t('Read by the decoder’s cross-attention as keys and values')}
            </span>
          </li>
        )}
      </ol>
    </section>
  );
}

function BlockRows({
  run: { parts },
  schemes,
  largest,
}: {
  run: BlockRun;
  schemes: readonly string[];
  largest: number;
}): VNode {
  return (
    <>
      {parts.map((part, index) => (
        <PartRows key={index} part={part} schemes={schemes} largest={largest} />
      ))}
    </>
  );
}

function PartRows({
  part,
  schemes,
  largest,
}: {
  part: BlockPart;
  schemes: readonly string[];
  largest: number;
}): VNode {
  const isCross = part.kind === 'attention' && part.attention === 'cross';
  const isNormed = part.norms.includes('before');
  const isNormedBehind = part.norms.includes('beforeSum');
  const norm = <span class="norm-name quiet">{normWords(part.norm)}</span>;
  return (
    <>
      {isNormed && (
        <li class="row norm before">
          <span class="branch" />
          <span class="tick" />
          {norm}
        </li>
      )}
      <li class={['row', isCross ? 'crossing' : '', isNormed ? 'normed' : ''].join(' ')}>
        <span class="read" />
        <PartBox words={partWords(part, schemes)} parameters={part.parameters} largest={largest} />
        {isNormedBehind ? <span class="leave" /> : <Sum />}
      </li>
      {isNormedBehind && (
        <li class="row norm before-sum">
          <span class="branch" />
          <span class="tick" />
          {norm}
          <Sum />
        </li>
      )}
      {part.norms.includes('afterSum') && (
        <li class="row norm after">
          <span class="tick" />
          {norm}
        </li>
      )}
    </>
  );
}

/** A norm that lies on the stream. */
function StreamNorm({ norm }: { norm: NormKind }): VNode {
  return (
    <li class="row norm after">
      <span class="tick" />
      <span class="norm-name quiet">{normWords(norm)}</span>
    </li>
  );
}

/** Parameters of a table of positions; undefined where there is none. */
function tableSize(scheme: PositionScheme): number | undefined {
  return 'positions' in scheme ? scheme.positions * scheme.width : undefined;
}

/** Where a part is added to the stream. */
function Sum(): VNode {
  return <span class="sum" aria-hidden="true" />;
}
