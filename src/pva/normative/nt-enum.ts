import { PvaflowError } from '../../core/errors.js';
import { PvObject } from '../pv-object.js';
import { PvType, structure } from '../pv-type.js';
import { enumType, type FromOptions, optionalFields, type OptionalFields, stampFields } from './standard-fields.js';

/** One of several named choices: `epics:nt/NTEnum:1.0`. */
export class NtEnum extends PvObject {
  static type(options: Omit<OptionalFields, 'control' | 'valueAlarm'> = {}): PvType {
    return new PvType(structure({ value: enumType, ...optionalFields(options) }, 'epics:nt/NTEnum:1.0'));
  }

  /** Stamped with the present time. `choice` is the name of a choice, or its index. */
  static from(choice: string | number, choices: readonly string[], options: FromOptions = {}): NtEnum {
    const index = typeof choice === 'number' ? choice : choices.indexOf(choice);
    if (index < 0) throw unknownChoice(String(choice), choices);
    return new NtEnum(NtEnum.type(options), { value: { index, choices: [...choices] }, ...stampFields(options) });
  }

  get index(): number {
    return this.get('value.index');
  }

  get choices(): string[] {
    return this.get('value.choices');
  }

  /** Name of the choice; undefined when the index is beyond the choices. */
  get choice(): string | undefined {
    return this.choices[this.index];
  }

  /** Chooses by name, or by index. Throws PVAFLOW_VALUE_RANGE when there is no such choice. */
  choose(choice: string | number): this {
    const choices = this.choices;
    const index = typeof choice === 'number' ? choice : choices.indexOf(choice);
    if (choices[index] === undefined) throw unknownChoice(String(choice), choices);
    return this.set('value.index', index);
  }
}

function unknownChoice(found: string, choices: readonly string[]): PvaflowError {
  return new PvaflowError('PVAFLOW_VALUE_RANGE', `expected one of ${choices.join(', ')}, found ${found}`);
}
