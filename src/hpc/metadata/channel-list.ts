import { PvaflowError } from '../../core/errors.js';

/** A metadata channel and the protocol of its server. */
export interface MetadataChannelName {
  readonly protocol: 'pva' | 'ca';
  readonly name: string;
}

/**
 * Reads names of metadata channels: `pva://x`, `ca://y`; a bare name is one of Channel Access, as in pvaPy.
 *
 * @throws {PvaflowError} PVAFLOW_CONFIG for another protocol, and for a name that is there twice
 */
export function metadataChannelNames(channels: readonly string[]): MetadataChannelName[] {
  const names = channels.map((text) => text.trim()).filter((text) => text !== '');
  const parsed = names.map(parse);
  const twice = parsed.find(({ name }, at) => parsed.findIndex((other) => other.name === name) < at);
  if (twice !== undefined) throw configError(`the metadata channel ${twice.name} is named twice`);
  return parsed;
}

function parse(text: string): MetadataChannelName {
  const [, protocol = 'ca', name = ''] = /^(?:(\w*):\/\/)?(.*)$/.exec(text) ?? [];
  if (protocol !== 'pva' && protocol !== 'ca') {
    throw configError(`the metadata channel ${text} has the protocol ${protocol}: there are pva:// and ca://`);
  }
  if (name === '') throw configError(`the metadata channel ${text} has no name after ${protocol}://`);
  return { protocol, name };
}

function configError(message: string): PvaflowError {
  return new PvaflowError('PVAFLOW_CONFIG', message);
}
