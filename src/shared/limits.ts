/*
 * What Headlight takes of the files that describe a model, and why no more. Such files are untrusted:
 * without these limits a few megabytes of them could take all of a machine's memory or hours of its
 * time. Each limit is far above what published models have.
 */

/** How much of a JSON file is read. */
export interface JsonLimits {
  bytes: number;
  /** Objects, lists and plain values in all: each takes memory, however short it is written. */
  values: number;
  /** Names in all objects together. A table of them takes most of the time of reading. */
  keys: number;
  /** How deep objects and lists lie in each other. */
  depth: number;
}

/**
 * The largest tokenizer.json of published models, of some 260,000 tokens and 580,000 merges, takes
 * 35 MB and has 2.5 million values; its keys are its tokens, and some eight for each added token.
 */
export const TOKENIZER_JSON: JsonLimits = {
  bytes: 64 * 2 ** 20,
  values: 8_000_000,
  keys: 750_000,
  depth: 64,
};

/**
 * config.json, generation_config.json, tokenizer_config.json and their kin. Names of 21,000 classes
 * take 1.5 MB of the one, 6,000 spare tokens and a template 1.2 MB of another.
 */
export const CONFIGURATION_JSON: JsonLimits = {
  bytes: 8 * 2 ** 20,
  values: 500_000,
  keys: 500_000,
  depth: 64,
};

/** Vocabularies of published models have up to some 260,000 entries; ids index an array. */
export const MOST_TOKENS = 4 * 2 ** 20;

/**
 * Tokens that are matched as a whole. Most models have up to some thousands; those that speak have one
 * for each sound, some 29,000. Each is an alternative of one regular expression.
 */
export const MOST_ADDED_TOKENS = 2 ** 15;

/** Steps of a normalizer, pre-tokenizer, post-processor or decoder. Published ones have up to 12. */
export const MOST_STEPS = 100;

/** Characters of a regular expression or of a text that a step puts in; DeepSeek's are 1,100 long. */
export const LONGEST_STEP_TEXT = 10_000;

/** Tokens around a text. Speech and translation models have up to four. */
export const MOST_SURROUNDING_TOKENS = 64;

/**
 * How long a text may become on its way through a tokenizer, in UTF-16 units. Decomposition makes of
 * one character up to 18, the characters that stand for bytes are up to four, and CJK characters
 * become three; in running text all of it together stays below eight.
 * @param length of the text as the user wrote it
 */
export function grownLength(length: number): number {
  return 8 * length + 2 ** 16;
}

/**
 * How long a tokenizer may take to split a text, in milliseconds. 100,000 characters take 60 ms on an
 * idle machine; a regular expression that backtracks takes centuries.
 * @param length of the text in UTF-16 units
 */
export function splittingTime(length: number): number {
  return 5000 + Math.ceil(length / 20);
}

/**
 * How long it may take to make a tokenizer of its files; 260,000 tokens take a second on an idle
 * machine. Units: ms.
 */
export const BUILDING_TIME = 20_000;

/** A random generator of 32 bits has no more seeds; larger ones would draw like smaller ones. */
export const LARGEST_SEED = 2 ** 32 - 1;

/** Candidates for a blank: more than anybody reads. */
export const MOST_CANDIDATES = 1000;

/** Numbers of a tensor that are written as text: more than anybody copies. */
export const MOST_PRINTED = 2 ** 17;

/** How often a profile runs a model at most. */
export const MOST_PROFILED_RUNS = 1000;
