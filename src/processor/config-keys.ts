import { parseExpressionAt, type ClassExpression, type FunctionExpression, type Pattern } from 'acorn';
import type { ClassType } from '../core/class-loader.js';

/**
 * The keys of the configuration that a class takes, read off its method: `configure({ level = this.level })` takes `level`
 * and nothing else. Undefined when the method does not tell: it has a rest (`...others`), hands its argument on, or the
 * constructor takes arguments too.
 *
 * @param base the class at which the search ends
 */
export function keysOfConfigure(type: ClassType, base: ClassType): string[] | undefined {
  let keys: string[] | undefined;
  for (let at: ClassType = type; at !== base; at = Object.getPrototypeOf(at) as ClassType) {
    const methods = methodsOf(at);
    if (methods === undefined || (methods.get('constructor')?.params.length ?? 0) > 0) return undefined;
    keys ??= parameterKeys(methods.get('configure'));
    if (keys === undefined && methods.has('configure')) return undefined;
  }
  return keys;
}

/** The methods that are written in a class, by name. Undefined when its source cannot be read. */
function methodsOf(type: ClassType): ReadonlyMap<string, FunctionExpression> | undefined {
  const members = parsedClass(type)?.body.body;
  if (members === undefined) return undefined;
  const methods = new Map<string, FunctionExpression>();
  for (const member of members) {
    if (member.type !== 'MethodDefinition' || member.static || member.computed) continue;
    if (member.key.type === 'Identifier') methods.set(member.key.name, member.value);
  }
  return methods;
}

function parsedClass(type: ClassType): ClassExpression | undefined {
  try {
    const parsed = parseExpressionAt(`(${Function.prototype.toString.call(type)})`, 0, { ecmaVersion: 'latest' });
    return parsed.type === 'ClassExpression' ? parsed : undefined;
  } catch {
    return undefined; // newer syntax than the parser knows: nothing is known, nothing is refused
  }
}

function parameterKeys(configure: FunctionExpression | undefined): string[] | undefined {
  const [first] = configure?.params ?? [];
  if (first === undefined) return undefined;
  return patternKeys(first.type === 'AssignmentPattern' ? first.left : first);
}

function patternKeys(pattern: Pattern): string[] | undefined {
  if (pattern.type !== 'ObjectPattern') return undefined;
  const keys = pattern.properties.map((property) => {
    if (property.type !== 'Property' || property.computed) return undefined;
    return property.key.type === 'Identifier' ? property.key.name : String((property.key as { value?: unknown }).value);
  });
  return keys.includes(undefined) ? undefined : (keys as string[]);
}
