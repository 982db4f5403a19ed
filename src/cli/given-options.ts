import type { Command } from 'commander';
import type { Override } from '../core/schema/configuration.js';
import type { ConfigDocument } from '../core/schema/document.js';
import { memberOf } from '../core/schema/json-schema.js';
import type { Path } from '../core/schema/problem.js';

/** Which setting of a configuration an option stands for, and how its value becomes that of the setting. */
export interface OptionPlace {
  readonly path: Path;
  readonly read?: (value: never) => unknown;
}

/** The place of each option, by the name that its value has. */
export type OptionPlaces<O> = { readonly [K in keyof O]?: OptionPlace };

/** Where pvaPy takes a negative number for none, a setting has 0. */
export const fromZero = (value: number): number => Math.max(0, value);

/** The options that a user gave, as opposed to those that have their default. */
export class GivenOptions<O extends object> {
  constructor(
    readonly command: Command,
    readonly options: O,
  ) {}

  has(name: keyof O): boolean {
    return this.command.getOptionValueSource(String(name)) === 'cli';
  }

  /** The value of an option that was given. */
  value<K extends keyof O>(name: K): O[K] | undefined {
    return this.has(name) ? this.options[name] : undefined;
  }

  /** `--receiver-queue-size` of `receiverQueueSize`. */
  flag(name: keyof O): string {
    return this.command.options.find((option) => option.attributeName() === name)?.long ?? String(name);
  }

  override(name: keyof O, path: Path, value: unknown): Override {
    return { path, value, option: this.flag(name) };
  }

  /** Those that have a place of their own. */
  overrides(places: OptionPlaces<O>): Override[] {
    return this.#placed(places)
      .filter(([name]) => this.has(name))
      .map(([name, { path, read = (value: unknown) => value }]) =>
        this.override(name, path, read(this.options[name] as never)),
      );
  }

  /** The option for the setting at a path. */
  flagAt(places: OptionPlaces<O>, path: Path): string | undefined {
    const found = this.#placed(places).find(([, place]) => place.path.join('.') === path.join('.'));
    return found && this.flag(found[0]);
  }

  #placed(places: OptionPlaces<O>): [keyof O, OptionPlace][] {
    return Object.entries(places) as [keyof O, OptionPlace][];
  }
}

/** The options of any command that has these among others. */
export type Given<O extends object> = Pick<
  GivenOptions<O>,
  'has' | 'value' | 'flag' | 'override' | 'overrides' | 'options'
>;

/** Whether a file has a mapping at this path. */
export function isMapping(document: ConfigDocument | undefined, path: Path): boolean {
  const found = path.reduce(memberOf, document?.value);
  return typeof found === 'object' && found !== null;
}
