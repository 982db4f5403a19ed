#ifdef __linux__
// PVXS asks for writes without a limit by passing the largest ssize_t. libevent refuses values above its own limit and
// falls back to 16 KiB a system call, which stops a connection at about 1 GB/s. The wish is granted here up to 1 GiB.
#include <algorithm>

#include "heap.h"
#include "libevent.h"
#include "settings.h"
#include "unsent.h"

PVAFLOW_INTERPOSE int bufferevent_set_max_single_write(bufferevent* connection, size_t size) {
  using namespace pvaflow::transport;
  static auto* const original = next<int(bufferevent*, size_t)>("bufferevent_set_max_single_write");
  constexpr size_t most = size_t(1) << 30;
  // Called once for every connection, client's or server's, before its first message: the moment for what concerns them all.
  keepHeap();
  countOutput(connection);
  return original(connection, Settings::get().writes.on ? std::min(size, most) : size);
}
#endif
