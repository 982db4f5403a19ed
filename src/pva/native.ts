/**
 * The one entry to the addon, typed. Only files of `src/pva` import it.
 *
 * Everything here is mechanism: names, defaults, retries, classes for normative types and messages for people are the
 * business of the files around it. Callbacks run on the JavaScript thread.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { messageOf, PvaflowError } from '../core/errors.js';
import { packageRoot } from '../core/package-root.js';

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
