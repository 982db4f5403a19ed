import { PvaflowError } from '../../core/errors.js';

export function configError(expected: string): PvaflowError {
  return new PvaflowError('PVAFLOW_PROCESSOR_CONFIG', `expected ${expected}`);
}

/** What a configuration has of `known`: it may be sent to all processors of a chain, with more than one of them takes. */
export function pick<C extends object>(config: C, known: Readonly<Record<string, unknown>>): C {
  return Object.fromEntries(Object.entries(config).filter(([key, value]) => key in known && value !== undefined)) as C;
}
