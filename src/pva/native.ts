/**
 * The one entry to the addon, typed. Only files of `src/pva` import it.
 *
 * Everything here is mechanism: names, defaults, retries, classes for normative types and messages for people are the
 * business of the files around it. Callbacks run on the JavaScript thread.
 */
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, PvaflowError } from '../core/errors.js';

export type NativeScalarCode =
  'boolean' | 'byte' | 'ubyte' | 'short' | 'ushort' | 'int' | 'uint' | 'long' | 'ulong' | 'float' | 'double' | 'string';

/** A pvAccess type as plain data. Field order is the order of the keys. */
export type NativeTypeSpec =
  | NativeScalarCode
  | `${NativeScalarCode}[]`
  | 'any'
  | 'any[]'
  | {
      readonly kind: 'structure' | 'structure[]' | 'union' | 'union[]';
      readonly id: string;
      readonly fields: Readonly<Record<string, NativeTypeSpec>>;
    };

interface NativeAddon {
  readonly [name: string]: unknown;
}

/** The package's own folder: two levels up from `src/pva` when run from source, three from `dist/src/pva`. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'binding.gyp'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new PvaflowError('PVAFLOW_ADDON', 'the package folder of pvaflow cannot be found');
    folder = parent;
  }
  return folder;
}

function load(): NativeAddon {
  const file = process.env.PVAFLOW_ADDON ?? join(packageRoot(), 'build', 'Release', 'pvaflow.node');
  try {
    return createRequire(import.meta.url)(file) as NativeAddon;
  } catch (cause) {
    throw new PvaflowError('PVAFLOW_ADDON', `cannot load ${file}: ${messageOf(cause)}. Build it with \`npm run build\`.`, {
      cause,
    });
  }
}

export const native = load();
