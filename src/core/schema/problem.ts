/** Where a value is in a configuration: keys of mappings and places in lists. */
export type Path = readonly (string | number)[];

/** What is wrong at one place of a configuration. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** `processors[1].config.level`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const word = /^[\w$-]+$/.test(key) ? key : JSON.stringify(key);
    return text === '' ? word : `${text}.${word}`;
  }, '');
}
