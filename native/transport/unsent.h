#pragma once
#include <cstddef>
#include <string>

struct bufferevent;

namespace pvaflow::transport {

/** A new connection: from now on its output is counted. Its own thread, before its first message. */
void countOutput(bufferevent* connection);

/**
 * Bytes for this peer (`127.0.0.1:5075`, `[::1]:5075`) that would be lost if its connection was closed now: they wait in this
 * process, or its system has not confirmed them. 0 without a connection to it, and elsewhere than on Linux. Any thread.
 */
size_t unsentBytes(const std::string& peer);

}  // namespace pvaflow::transport
