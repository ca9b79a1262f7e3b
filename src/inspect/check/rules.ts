import { bakedLengths } from './bakedLengths';
import { byteProducts } from './byteProducts';
import { endTokens } from './endTokens';
import { externalData } from './externalData';
import { fixedAxes } from './fixedAxes';
import { generationTokens } from './generationTokens';
import { halfOverflow } from './halfOverflow';
import { halfProducts } from './halfProducts';
import { missingFiles } from './missingFiles';
import { notFiniteWeights } from './notFiniteWeights';
import { padToken } from './padToken';
import { positionTables } from './positionTables';
import type { CheckRule } from './rule';
import { runtimeProblems } from './runtimeProblems';
import { startAndForcedTokens } from './startAndForcedTokens';
import { storedTwice } from './storedTwice';
import { unreadableFiles } from './unreadableFiles';
import { untraceableAttention } from './untraceableAttention';
import { unusedInitializers } from './unusedInitializers';
import { vocabularySizes } from './vocabularySizes';

/** All that a model is asked, in the order in which findings of one severity are told. */
export const RULES: readonly CheckRule[] = [
  unreadableFiles,
  externalData,
  runtimeProblems,
  notFiniteWeights,
  halfOverflow,
  halfProducts,
  byteProducts,
  missingFiles,
  vocabularySizes,
  generationTokens,
  endTokens,
  padToken,
  startAndForcedTokens,
  positionTables,
  fixedAxes,
  bakedLengths,
  untraceableAttention,
  storedTwice,
  unusedInitializers,
];
