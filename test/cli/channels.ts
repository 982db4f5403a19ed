import { afterAll } from 'vitest';
import { NtEnum } from '../../src/pva/normative/nt-enum.js';
import { NtScalar } from '../../src/pva/normative/nt-scalar.js';
import { NtScalarArray } from '../../src/pva/normative/nt-scalar-array.js';
import { PvaServer } from '../../src/pva/server.js';
import { reaches } from './command.js';

/** A server in the test's own process with one channel of each common kind. All accept puts. */
export function serveChannels() {
  const server = new PvaServer({ interfaces: ['127.0.0.1'], port: 0, useEnvironment: false });
  afterAll(() => server.close());
  const onPut = 'accept';
  return {
    server,
    env: reaches(server),
    number: server.addChannel('X:number', NtScalar.from(21.5), { onPut }),
    count: server.addChannel('X:count', new NtScalar(NtScalar.type('long'), { value: 2n ** 60n }), { onPut }),
    text: server.addChannel('X:text', NtScalar.from('sample 7'), { onPut }),
    mode: server.addChannel('X:mode', NtEnum.from('Off', ['Off', 'On']), { onPut }),
    curve: server.addChannel('X:curve', NtScalarArray.from(Float64Array.of(1, 2, 3)), { onPut }),
  };
}
