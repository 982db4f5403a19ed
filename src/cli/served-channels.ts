import { setTimeout as delay } from 'node:timers/promises';
import type { PvaClient } from '../pva/client.js';
import { NtUri } from '../pva/normative/nt-uri.js';

/** Addresses of the servers that answer a search, and of those that are asked by name. */
export async function findServers(client: PvaClient, seconds: number): Promise<string[]> {
  const found = new Map<string, string>(); // by the id of the server: one may answer on several interfaces
  using _discovery = client.discover(({ guid, server, online, protocol }) => {
    if (online && protocol === 'tcp' && !found.has(guid)) found.set(guid, server);
  });
  await delay(seconds * 1000);
  const nameServers = process.env.EPICS_PVA_NAME_SERVERS?.split(/\s+/).filter(Boolean) ?? [];
  return [...new Set([...found.values(), ...nameServers])];
}

/** What every pvAccess server answers on its channel `server`. */
export async function channelsOf(client: PvaClient, server: string, timeout: number): Promise<string[]> {
  const answer = await client.rpc('server', NtUri.from('server', { op: 'channels' }), { server, timeout });
  return [...(answer?.get<string[]>('value') ?? [])].sort();
}
