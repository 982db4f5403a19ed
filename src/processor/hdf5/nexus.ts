import { PvaflowError } from '../../core/errors.js';
import type { Attributes, Dataset, Group } from './object-tree.js';

/** What a file is made of. */
export interface FileParts {
  readonly images: Dataset;
  /** Ids and times, one for each frame. */
  readonly frameFacts: Readonly<Record<string, Dataset>>;
  readonly attributes: Readonly<Record<string, Dataset>>;
  /** How many elements each frame has of attributes that are arrays of different lengths. */
  readonly attributeLengths: Readonly<Record<string, Dataset>>;
  /** Under which name the images appear besides; a path of groups and a name. */
  readonly datasetName: string;
  /** ISO 8601. */
  readonly startTime: string;
}

/**
 * The groups of a file as NeXus wants them, so that programs find what to show: NXentry, NXdata, NXinstrument, NXdetector. The images
 * are `/entry/instrument/detector/data`; in `/entry/data` and under `datasetName` they appear again.
 * https://manual.nexusformat.org
 */
export function nexusTree(parts: FileParts): Group {
  const { images, frameFacts, attributes, attributeLengths, datasetName, startTime } = parts;
  const detector = group('NXdetector', { data: images, ...frameFacts });
  const collections = {
    NDAttributes: group('NXcollection', attributes),
    ...(Object.keys(attributeLengths).length > 0 && { NDAttributeLengths: group('NXcollection', attributeLengths) }),
  };
  const instrument = group('NXinstrument', { detector, ...collections });
  const axes = ['uniqueId', ...images.shape.map(() => '.')];
  const signal = { signal: 'data', axes, uniqueId_indices: 0 };
  const data = group('NXdata', { data: images, ...frameFacts }, signal);
  const entry = group('NXentry', { instrument, data }, { default: 'data', start_time: startTime });
  const root = group('NXroot', { entry }, { default: 'entry', creator: 'pvaflow', file_time: startTime });
  return withLink(root, datasetName.split('/'), images);
}

/** @throws {PvaflowError} PVAFLOW_OPTION when images cannot have that name */
export function checkDatasetName(name: string): void {
  const steps = name.split('/');
  if (steps[0] !== 'entry' && steps.every((step) => step !== '' && step !== '.' && step !== '..')) return;
  throw new PvaflowError(
    'PVAFLOW_OPTION',
    `datasetName "${name}" must be a name, or a path without empty steps, outside of "entry"`,
  );
}

function group(nxClass: string, members: Group['members'], attributes: Attributes = {}): Group {
  return { kind: 'group', members, attributes: { NX_class: nxClass, ...attributes } };
}

/** The same group with one more member, in groups of its own. */
function withLink(parent: Group, [name = '', ...rest]: readonly string[], target: Dataset): Group {
  const inner: Group = { kind: 'group', members: {}, attributes: {} };
  const member = rest.length > 0 ? withLink(inner, rest, target) : target;
  return { ...parent, members: { ...parent.members, [name]: member } };
}
