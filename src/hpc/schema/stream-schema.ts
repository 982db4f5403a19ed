import { endOfAcquisitionSchema } from './acquisition-schema.js';
import { metadataSchema } from './metadata-schema.js';
import { controlSchema, runShape, statusSchema } from './run-schema.js';

/**
 * To be spread into the schemas of consumers, collectors and splitters: what they have alike besides their input, processors and
 * output.
 *
 * @param parts what their reports may show
 */
export function streamShape<const Part extends string>(parts: readonly Part[]) {
  return {
    status: statusSchema,
    control: controlSchema,
    metadata: metadataSchema,
    endOfAcquisition: endOfAcquisitionSchema.optional(),
    ...runShape(parts),
  };
}
