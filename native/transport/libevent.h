#pragma once
/**
 * The part of libevent's C interface that the remedies stand in front of.
 *
 * Declared here because PVXS' packages bring libevent's library without its headers. Source of the declarations:
 * https://libevent.org/libevent-book/ref6_bufferevent.html and ref7_evbuffer.html.
 */
#include <dlfcn.h>
#include <sys/uio.h>

#include <cstddef>

struct evbuffer;
struct bufferevent;

#define PVAFLOW_INTERPOSE extern "C" __attribute__((visibility("default")))

namespace pvaflow::transport {

/** Bits of bufferevent_setwatermark's `events`. */
constexpr short EV_READ = 0x02;

/** What changed in a buffer (`evbuffer_cb_info`), and who is told. */
struct OutputChange {
  size_t before;
  size_t added;
  size_t removed;
};
using OutputCallback = void (*)(evbuffer* buffer, const OutputChange* change, void* extra);

/** What `evbuffer_add_reference` calls once the bytes are no longer needed. */
using ReferenceCleanup = void (*)(const void* data, size_t length, void* extra);

/**
 * The definition of a libevent function that comes after the addon's own. The addon is the root of the scope in which
 * libpvxs and libevent look their symbols up, so its definitions are found first and this finds libevent's.
 */
template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/** Functions that are only called, found the same way: the addon is not linked with libevent. */
inline size_t lengthOf(const evbuffer* buffer) {
  static auto* const original = next<size_t(const evbuffer*)>("evbuffer_get_length");
  return original(buffer);
}
inline evbuffer* inputOf(bufferevent* connection) {
  static auto* const original = next<evbuffer*(bufferevent*)>("bufferevent_get_input");
  return original(connection);
}
inline evbuffer* outputOf(bufferevent* connection) {
  static auto* const original = next<evbuffer*(bufferevent*)>("bufferevent_get_output");
  return original(connection);
}
inline void callOnChange(evbuffer* buffer, OutputCallback callback, void* extra) {
  static auto* const original = next<void*(evbuffer*, OutputCallback, void*)>("evbuffer_add_cb");
  original(buffer, callback, extra);
}
inline int socketOf(bufferevent* connection) {
  static auto* const original = next<int(bufferevent*)>("bufferevent_getfd");
  return original(connection);
}
inline int addReference(evbuffer* buffer, const void* data, size_t length, ReferenceCleanup cleanup, void* extra) {
  static auto* const original =
      next<int(evbuffer*, const void*, size_t, ReferenceCleanup, void*)>("evbuffer_add_reference");
  return original(buffer, data, length, cleanup, extra);
}

}  // namespace pvaflow::transport
