import type { GeneratedToken, StopReason } from '../../../shared/generation';
import { splitClauses, type Clauses } from './clauses';
import {
  flatten,
  insertedWords,
  restoreMarks,
  type Pair,
  type PairRendering,
} from './restoreMarks';
import { joinWithSpacing } from './spacing';
import { STAND_IN_FORMS, type StandInForm } from './standIns';
import { templateSource, templateWords, type Template, type Templates } from './template';

/** What a model makes of a text. */
export interface GeneratedPart {
  text: string;
  tokens: GeneratedToken[];
  stop: StopReason;
}

/**
 * How the marks of a sentence were kept: in one run, by running the words between them apart, or by no
 * translation.
 */
export type MarkupOutcome = 'whole' | 'apart' | 'untranslated';

export interface GeneratedMarkup extends GeneratedPart {
  kept: MarkupOutcome;
}

/** What {@link generateWithMarkup} needs of a model. */
export interface SentenceGenerator {
  /** Runs the model on text without marks. */
  write: (text: string) => Promise<GeneratedPart>;
  /** Whether the model knows the characters of a text. */
  canRead: (text: string) => boolean;
  /** Whether a result has the marks and numbers that its source has. */
  keepsMarks: (source: string, result: string) => boolean;
}

/**
 * Runs a model on a sentence and keeps its marks. It tries, in this order:
 * 1. The whole sentence. Code, addresses and placeholders are replaced by stand-ins that models copy (`{0}`)
 *    and are put back where these come out. The words of a pair of marks are run twice, with the sentence
 *    and alone; if the sentence's result contains the result of the words, the marks are put around it, else
 *    the pair gets a stand-in too.
 * 2. If a stand-in does not come out exactly once: clause by clause.
 * 3. The words between the marks one by one, so that all marks stay where they were.
 * 4. If even that loses a mark, the sentence stays as it is.
 * @param templates of one sentence, e.g. one with numbers as words and one with numbers copied.
 * @returns also how the marks were kept. Cancelled, it returns no text.
 */
export async function generateWithMarkup(
  templates: Templates,
  writer: SentenceGenerator,
): Promise<GeneratedMarkup> {
  const generator = new MarkupGenerator(writer);
  const text = await generator.generate(templates);
  const { tokens, stop, kept } = generator;
  return { text: stop === 'cancelled' ? '' : text, tokens, stop, kept };
}

class MarkupGenerator {
  /** Of the runs whose words are in the text. */
  tokens: GeneratedToken[] = [];
  stop: StopReason = 'end';
  kept: MarkupOutcome = 'whole';

  constructor(private readonly writer: SentenceGenerator) {}

  async generate(templates: Templates): Promise<string> {
    const source = templateSource(templates[0]);
    for (const template of templates) {
      for (const form of this.formsFor(template)) {
        const text = await this.withStandIns(template, form);
        if (text !== undefined && this.writer.keepsMarks(source, text)) {
          return text;
        }
      }
    }
    const surest = templates.at(-1) ?? templates[0];
    const clauses = splitClauses(surest);
    const together = clauses && (await this.clauseByClause(clauses));
    if (together !== undefined && this.writer.keepsMarks(source, together)) {
      return together;
    }
    this.tokens = [];
    const text = await this.wordByWord(surest);
    const isKept = this.writer.keepsMarks(source, text);
    this.kept = isKept && this.kept !== 'untranslated' ? 'apart' : 'untranslated';
    return isKept ? text : source;
  }

  /** The stand-ins that the model can read; without any piece to stand for, it does not matter. */
  private formsFor(template: Template): readonly StandInForm[] {
    const [usual] = STAND_IN_FORMS;
    return template.every(({ kind }) => kind === 'words')
      ? [usual]
      : STAND_IN_FORMS.filter(
          (form) =>
            this.writer.canRead(form.of(0)) && templateWords(template).search(form.pattern) < 0,
        );
  }

  /** Nothing when a stand-in is not in the result as it should be. */
  private async withStandIns(template: Template, form: StandInForm): Promise<string | undefined> {
    const pairs = template.filter((item): item is Pair => item.kind === 'pair');
    const inner = new Map<Pair, string>();
    for (const pair of pairs) {
      inner.set(pair, await this.inside(pair));
    }
    // Marks within marks stay where they are.
    const held = new Set(pairs.filter((pair) => pair.inner.length > 1));
    const shown = (pair: Pair): PairRendering => (held.has(pair) ? 'standIn' : 'words');
    for (;;) {
      const flat = flatten(template, form, shown);
      const written = await this.run(flat.text);
      this.tokens = written.tokens;
      const result = written.text.trim();
      const free = pairs.filter((pair) => !held.has(pair));
      let placed = restoreMarks(result, flat, free, inner, form);
      if (placed !== 'lost' && 'missed' in placed) {
        for (const pair of placed.missed) {
          const without = flatten(template, form, (one) => (one === pair ? 'nothing' : shown(one)));
          const { text } = await this.run(without.text.replace(/ {2,}/g, ' '));
          inner.set(pair, insertedWords(result, text.trim()) ?? inner.get(pair) ?? '');
        }
        placed = restoreMarks(result, flat, free, inner, form);
      }
      if (placed === 'lost' || this.stop === 'cancelled') {
        return undefined;
      }
      if ('text' in placed) {
        return placed.text;
      }
      placed.missed.forEach((pair) => held.add(pair));
    }
  }

  /** The words of a pair, rewritten by themselves. */
  private inside({ inner }: Pair): Promise<string> {
    const [only] = inner;
    return inner.length === 1 && only?.kind === 'words'
      ? this.fragment(only.text)
      : this.generate([inner]);
  }

  /** Nothing when one of the clauses cannot be rewritten. */
  private async clauseByClause({ first, space, second }: Clauses): Promise<string | undefined> {
    const { kept } = this;
    const begin = endedAs(templateSource(first), await this.generate([first]));
    const { tokens } = this;
    const end = endedAs(templateSource(second), await this.generate([second]));
    this.tokens = [...tokens, ...this.tokens];
    if (this.kept === 'untranslated') {
      this.kept = kept;
      return undefined;
    }
    return joinWithSpacing(begin, /[,;:]$/.test(begin) ? space + end : end);
  }

  private async wordByWord(template: Template): Promise<string> {
    let text = '';
    for (const item of template) {
      if (item.kind === 'pair') {
        const inner = await this.wordByWord(item.inner);
        text = joinWithSpacing(text, item.open + inner + item.close);
      } else {
        text = joinWithSpacing(
          text,
          item.kind === 'words' ? await this.fragment(item.text) : item.text,
        );
      }
    }
    return text;
  }

  /** A part of a sentence; the space around it stays, and it ends as it did. */
  private async fragment(text: string): Promise<string> {
    const words = text.trim();
    if (!/\p{L}/u.test(words)) {
      return text;
    }
    const start = text.indexOf(words);
    const { text: result, tokens } = await this.run(words);
    this.tokens = [...this.tokens, ...tokens];
    return text.slice(0, start) + endedAs(words, result) + text.slice(start + words.length);
  }

  private async run(text: string): Promise<GeneratedPart> {
    if (this.stop === 'cancelled') {
      return { text: '', tokens: [], stop: 'cancelled' };
    }
    const written = await this.writer.write(text);
    if (written.stop !== 'end') {
      this.stop = written.stop;
    }
    return written;
  }
}

/** What a model made of a part of a sentence, without the full stop that models put behind it. */
function endedAs(source: string, result: string): string {
  const clause = /[,;:]$/.exec(source)?.[0];
  if (clause === undefined && /[\p{P}\s]$/u.test(source)) {
    return result.trim();
  }
  const ended = result.replace(/[.。!！\s]+$/u, '').trim();
  return clause === undefined || /[,;:，；：]$/.test(ended) ? ended : ended + clause;
}
