import { PvaflowError } from '../core/errors.js';
import { PvObject } from './pv-object.js';

/**
 * What to put. A PvObject: its changed fields. A plain object: fields by name or path, nested as wanted. Anything else:
 * the field `value`. A structure with an index and choices (an enum) takes its index or the text of one of its choices.
 */
export type PutValue = PvObject | Readonly<Record<string, unknown>> | string | number | bigint | boolean | PutArray;
type PutArray = readonly unknown[] | ArrayBufferView;

/** True for an object whose keys are fields. */
function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/**
 * Sets what is to be put in `target`, an empty value of the channel's type. Returns what goes to the server, or undefined
 * if the present value of the channel is needed first: for the choices of an enum.
 */
export function fillPut(target: PvObject, value: PutValue, present: PvObject | undefined): PvObject | undefined {
  if (value instanceof PvObject) return value;
  const fields = isFields(value) ? value : { value };
  for (const [path, data] of Object.entries(fields)) {
    if (!isEnum(target, path) || isFields(data)) target.set(path, data);
    else if (typeof data !== 'string') target.set(`${path}.index`, data);
    else if (!present) return undefined;
    else target.set(`${path}.index`, choiceIndex(present, path, data));
  }
  return target;
}

function isEnum(target: PvObject, path: string): boolean {
  return target.has(`${path}.index`) && target.has(`${path}.choices`);
}

function choiceIndex(present: PvObject, path: string, text: string): number {
  const choices = present.get<string[]>(`${path}.choices`);
  const index = choices.indexOf(text);
  if (index >= 0) return index;
  throw new PvaflowError(
    'PVAFLOW_VALUE_RANGE',
    `${path}: ${JSON.stringify(text)} is none of the choices ${choices.join(', ')}`,
  );
}
