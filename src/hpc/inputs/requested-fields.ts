/** The fields to ask the server for: the id is among them, as without it nothing is known of losses. */
export function requestedFields(fieldRequest: string, idField: string): string[] {
  const fields = fieldList(fieldRequest);
  return fields.length === 0 || fields.includes(idField) ? fields : [idField, ...fields];
}

/** The fields of `value,timeStamp` or `field(value,timeStamp)`. */
export function fieldList(fieldRequest: string): string[] {
  return fieldRequest
    .replace(/^\s*field\((.*)\)\s*$/, '$1')
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '');
}
