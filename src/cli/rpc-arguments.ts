import { usageError } from './exit.js';
import { parseScalar, scalarTypes, type ScalarType } from './scalar.js';

export interface RpcArguments {
  readonly query: Readonly<Record<string, string | number | bigint | boolean>>;
  readonly types: Readonly<Record<string, ScalarType>>;
}

function isScalarType(name: string): name is ScalarType {
  return (scalarTypes as readonly string[]).includes(name);
}

/** `name=value` and `name:type=value` words as the arguments of an NTURI. Without a type they are texts. */
export function parseRpcArguments(words: readonly string[]): RpcArguments {
  const query: Record<string, string | number | bigint | boolean> = {};
  const types: Record<string, ScalarType> = {};
  for (const word of words) {
    const [, name, type = 'string', text = ''] = /^(\w+)(?::(\w+))?=(.*)$/s.exec(word) ?? [];
    if (name === undefined) throw usageError(`the argument "${word}" is not of the form name=value`);
    if (!isScalarType(type)) throw usageError(`"${type}" in "${word}" is no type; there are ${scalarTypes.join(', ')}`);
    types[name] = type;
    query[name] = parseScalar(type, text, name);
  }
  return { query, types };
}
