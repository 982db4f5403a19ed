/** The fields to ask the server for: the id is among them, as without it nothing is known of losses. */
export function requestedFields(fieldRequest: string, idField: string): string[] {
  const fields = fieldRequest
    .replace(/^\s*field\((.*)\)\s*$/, '$1')
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '');
  return fields.length === 0 || fields.includes(idField) ? fields : [idField, ...fields];
}
