import * as v from 'valibot';
import { Failure, phrase } from '../shared/failure';
import type { JsonObject } from '../shared/jsonObject';

/**
 * What a JSON file of a model says, if it has the form that it should have.
 * @param where its path, for failures
 * @throws Failure `model` that names the first value of another form
 */
export function checkedJson<T>(
  schema: v.GenericSchema<unknown, T>,
  json: JsonObject,
  where: string,
): T {
  const result = v.safeParse(schema, json);
  if (result.success) {
    return result.output;
  }
  const [issue] = result.issues;
  throw new Failure({
    kind: 'model',
    what: phrase('“{0}” has an invalid value: {1}', v.getDotPath(issue) ?? '', issue.message),
    where,
    remedy: phrase('correct it, or download the file again from the model’s publisher'),
  });
}
