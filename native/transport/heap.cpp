#ifdef __linux__
#include "heap.h"

#include <cstdlib>  // first: it defines __GLIBC__
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <mutex>

#include "settings.h"

namespace pvaflow::transport {

namespace {

// glibc takes a large buffer fresh from the system and gives it back at once when freed, so every frame pays a page
// fault for each of its pages: half of the receiver's time at 8 MiB. These are the largest mmap threshold glibc accepts,
// and as much free memory kept as a full receive queue may need. Whoever set the thresholds in the environment
// (MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_) has decided already.
void apply() {
#ifdef __GLIBC__
  constexpr int mmapThreshold = 32 << 20;
  constexpr int trimThreshold = 1 << 30;
  if (!std::getenv("MALLOC_MMAP_THRESHOLD_")) mallopt(M_MMAP_THRESHOLD, mmapThreshold);
  if (!std::getenv("MALLOC_TRIM_THRESHOLD_")) mallopt(M_TRIM_THRESHOLD, trimThreshold);
#endif
}

}  // namespace

void keepHeap() {
  static std::once_flag once;
  if (Settings::get().heap.on) std::call_once(once, apply);
}

}  // namespace pvaflow::transport
#endif
