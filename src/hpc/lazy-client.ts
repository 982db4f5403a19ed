import { PvaClient } from '../pva/client.js';
import type { PvaClientConfig } from '../pva/config.js';

/** A client that is made when somebody needs it: a consumer that hosts all its channels searches for nothing. */
export class LazyClient {
  #client: PvaClient | undefined;

  constructor(readonly config: PvaClientConfig | undefined) {}

  /** @throws {PvaflowError} PVAFLOW_OPTION for a wrong configuration, also of the environment */
  get(): PvaClient {
    return (this.#client ??= new PvaClient(this.config));
  }

  close(): void {
    this.#client?.close();
  }
}
