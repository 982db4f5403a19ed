import { PvaflowError } from '../../core/errors.js';
import { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { PvType } from '../../pva/pv-type.js';

/** How the last frame of an acquisition is known: by an attribute that is set in it, or because so many have come. */
export type EndOfAcquisition = { readonly attribute: string } | { readonly count: number };

/** `attribute=NAME` or `count=N`. @throws {PvaflowError} PVAFLOW_CONFIG when it is neither */
export function parseEndOfAcquisition(text: string): EndOfAcquisition {
  const [, kind, value = ''] = /^(attribute|count)=(.+)$/.exec(text.trim()) ?? [];
  if (kind === 'attribute') return { attribute: value };
  if (kind === 'count' && /^[1-9]\d{0,14}$/.test(value)) return { count: Number(value) };
  throw new PvaflowError(
    'PVAFLOW_CONFIG',
    `"${text}" does not say how an acquisition ends. Write attribute=NAME, or count=N with a number of frames`,
  );
}

/** The attribute counts only where it comes with the update: channels keep what they were told. */
export function isMarkedWith(object: PvObject, name: string): boolean {
  if (!(object instanceof NtNdArray) || !object.isChanged('attribute')) return false;
  const value = object.attribute(name);
  return value !== undefined && value !== null && value !== '' && value !== 'false' && Number(value) !== 0;
}

/** Whether an image has no pixels. */
export function isEmpty(object: PvObject): boolean {
  if (object.selected('value') === undefined) return true;
  return object.get<{ readonly length: number }>('value').length === 0;
}

/** The mark of an end that no frame brings: an image without pixels; undefined where images are not what is published. */
export function markOf(type: PvType | undefined, attribute: string, uniqueId: number): PvObject | undefined {
  if (type?.id !== NtNdArray.type().id) return undefined;
  return new NtNdArray(type, { uniqueId }).setAttribute(attribute, 1).markChanged();
}
