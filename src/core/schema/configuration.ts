import type { z } from 'zod';
import { PvaflowError } from '../errors.js';
import type { ConfigDocument } from './document.js';
import { memberOf } from './json-schema.js';
import { pathText, type Path, type Problem } from './problem.js';
import { validate } from './validate.js';

/** A value that an option of the command line gave; undefined takes away what the file says. */
export interface Override {
  readonly path: Path;
  readonly value: unknown;
  /** As a message names it: `--receiver-queue-size`. */
  readonly option: string;
}

/** A configuration from a file, with options of the command line over it; either may be absent. */
export class Configuration {
  /** What was given, all together, without defaults. */
  readonly given: unknown;

  /** @param optionAt the option for a path, to name it where it is missing */
  constructor(
    readonly document: ConfigDocument | undefined,
    readonly overrides: readonly Override[] = [],
    readonly optionAt: (path: Path) => string | undefined = () => undefined,
  ) {
    this.given = overrides.reduce<unknown>(
      (value, override) => withValue(value, override.path, override.value),
      document?.value ?? {},
    );
  }

  /**
   * Checks everything and puts the defaults in.
   *
   * @throws {PvaflowError} PVAFLOW_CONFIG or PVAFLOW_USAGE with a line for each problem
   */
  read<S extends z.ZodType>(schema: S): z.output<S> {
    const result = validate(schema, this.given);
    if ('value' in result) return result.value;
    throw this.failure(result.problems);
  }

  /** `pipeline.yaml:4: processors[1].config.levle: unknown key. …`, or with the option in the place of line and path. */
  describe({ path, message }: Problem): string {
    const override = this.#overrideOf(path);
    if (override !== undefined) {
      const inside = pathText(path.slice(override.path.length));
      return [override.option, inside, message].filter(Boolean).join(': ');
    }
    if (this.document === undefined) return [this.optionAt(path) ?? pathText(path), message].join(': ');
    const { file, line } = this.document.place(path);
    return [`${file}:${line}`, pathText(path), message].filter(Boolean).join(': ');
  }

  /** The file that says what is at this path; undefined when an option says it, or nothing does. */
  fileOf(path: Path): string | undefined {
    return this.#overrideOf(path) === undefined ? this.document?.file : undefined;
  }

  /** An error that tells of problems, in the order of the lines that they are on; PVAFLOW_USAGE if all are of options. */
  failure(problems: readonly Problem[]): PvaflowError {
    const line = ({ path }: Problem) => (this.#overrideOf(path) ? 0 : (this.document?.place(path).line ?? 0));
    const inOrder = [...problems].sort((a, b) => line(a) - line(b));
    const isOfFile = this.document !== undefined && problems.some(({ path }) => this.#overrideOf(path) === undefined);
    const code = isOfFile ? 'PVAFLOW_CONFIG' : 'PVAFLOW_USAGE';
    return new PvaflowError(code, inOrder.map((problem) => this.describe(problem)).join('\n'));
  }

  #overrideOf(path: Path): Override | undefined {
    return this.overrides.findLast((each) => each.path.every((key, i) => key === path[i]));
  }
}

/** A copy with one value changed; mappings on the way to it are made. */
function withValue(value: unknown, [key, ...rest]: Path, wanted: unknown): unknown {
  if (key === undefined) return wanted;
  const inner = withValue(memberOf(value, key), rest, wanted);
  if (Array.isArray(value)) return value.map((item: unknown, i) => (i === key ? inner : item));
  const before = typeof value === 'object' && value !== null ? value : {};
  const others = Object.entries(before).filter(([name]) => name !== key);
  return Object.fromEntries(inner === undefined ? others : [...others, [key, inner]]);
}
