#ifdef __linux__
// PVXS writes a message element by element into whatever space libevent hands out, and asks for one element at a time:
// libevent answers with 1 KiB pieces, so a frame becomes thousands of pieces and as many entries of writev. Larger pieces
// are asked for here: 16 KiB at first (a scalar does not cost 64 KiB), 64 KiB once a message has filled that.
#include "chunks.h"

#include <algorithm>

#include "lending.h"
#include "references.h"
#include "settings.h"

namespace pvaflow::transport {

namespace {

constexpr size_t smallChunk = 16 * 1024 - 64;
constexpr size_t headerSize = 8;  // of a pvAccess message: written on its own, nothing follows in the same piece

thread_local const evbuffer* lastCommitted = nullptr;

size_t chunkFor(const evbuffer* buffer, size_t size) {
  const bool goesOn = lastCommitted == buffer && lengthOf(buffer) > 0;
  if (size == headerSize && !goesOn) return size;
  if (anythingLent()) return std::max(size, largeChunk);
  if (!Settings::get().chunks.on) return size;
  return std::max(size, lengthOf(buffer) < smallChunk ? smallChunk : largeChunk);
}

}  // namespace

void committed(const evbuffer* buffer) { lastCommitted = buffer; }

}  // namespace pvaflow::transport

PVAFLOW_INTERPOSE int evbuffer_reserve_space(evbuffer* buffer, ssize_t size, iovec* pieces, int count) {
  using namespace pvaflow::transport;
  static auto* const original = next<int(evbuffer*, ssize_t, iovec*, int)>("evbuffer_reserve_space");
  beginMessage();
  return original(buffer, static_cast<ssize_t>(chunkFor(buffer, static_cast<size_t>(size))), pieces, count);
}
#endif
