import type { TextToTextResult, TextToTextOptions } from '../../shared/textToText';
import type { RequestedLanguages } from '../../shared/modelSummary';
import { stripLanguageCodes } from '../languages/opusTarget';
import { prepareTranslation } from '../languages/prepareTranslation';
import type { EncoderDecoderModel } from '../openModel';
import type { SourceText } from '../textToText/plan';
import type { TextToTextContext } from '../textToText/runPlan';
import { translate } from './translate';

/**
 * Translates a text between languages. Where an OPUS-MT model is told the target by a code in the text
 * (`>>fra<<`), every sentence is told it, and nothing of it is left in the result.
 * @throws Failure as `translate` does, and `input` when the model does not have a language, or has
 *   several and none is named.
 */
export async function translateBetween(
  model: EncoderDecoderModel,
  { text: given, ...rest }: SourceText,
  asked: RequestedLanguages,
  options: TextToTextOptions,
  loadMs: number,
  context: TextToTextContext,
): Promise<TextToTextResult> {
  const written = model.languages.kind === 'opus' ? stripLanguageCodes(given) : undefined;
  const named = written?.code === undefined ? asked : { ...asked, target: written.code };
  const place = written?.code === undefined ? undefined : `>>${written.code}<<`;
  const { model: prepared, source, target } = prepareTranslation(model, named, 'target', place);
  const answer = await translate(
    prepared,
    { ...rest, text: written?.text ?? given },
    options,
    loadMs,
    context,
  );
  const parts = answer.parts.map((part) => ({
    ...part,
    source: written?.placeOf(part.source) ?? part.source,
  }));
  const languages = {
    ...(source === undefined ? {} : { source }),
    ...(target === undefined ? {} : { target }),
  };
  return { ...answer, parts, ...((source ?? target) === undefined ? {} : { languages }) };
}
