/**
 * A kernel: one loop over typed arrays. It refers to nothing but its arguments and the language's own objects, and has no function
 * within, because copies of its source are compiled.
 */
export type Kernel<A extends unknown[], R> = (...args: A) => R;

/**
 * The kernel with a copy of its own for each combination of types of arrays that it is called with. V8 compiles a function for the
 * types that it has seen; when it has seen more than four, the function takes ten times as long, for all of them.
 *
 * Call it once for each image, not once for each row: to find the copy takes about a microsecond.
 */
export function specialized<A extends unknown[], R>(kernel: Kernel<A, R>): Kernel<A, R> {
  const copies = new Map<string, Kernel<A, R>>();
  return (...args) => {
    let types = '';
    for (const arg of args) if (ArrayBuffer.isView(arg)) types += ` ${arg.constructor.name}`;
    let copy = copies.get(types);
    if (copy === undefined) copies.set(types, (copy = copyOf(kernel, types)));
    return copy(...args);
  };
}

/** The comment makes another source of it: of equal sources V8 keeps one. */
function copyOf<K>(kernel: K, types: string): K {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the source is that of a function of ours
  const compile = new Function(`return ${String(kernel)} //${types}`) as () => K;
  return compile();
}
