#pragma once
#include <atomic>

// Where GCC builds for x86-64, loops are compiled twice: for every such processor, and for those with AVX2, which a function
// chosen at run time uses. Elsewhere once: the vectors of ARM are in every processor of 64 bits.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
#define PVAFLOW_AVX2 1
#else
#define PVAFLOW_AVX2 0
#endif

#if defined(_MSC_VER)
#define PVAFLOW_RESTRICT __restrict
#else
#define PVAFLOW_RESTRICT __restrict__
#endif

namespace pvaflow::image {

#if PVAFLOW_AVX2
/** Whether the loops with AVX2 are used. */
inline std::atomic<bool>& usesAvx2() {
  static std::atomic<bool> uses{__builtin_cpu_supports("avx2") != 0};
  return uses;
}

/** `flatten`: all that the loop calls is compiled again within it. */
template <auto Loop, typename... Args>
[[gnu::target("avx2"), gnu::flatten, gnu::noinline]] auto withAvx2(Args... args) {
  return Loop(args...);
}
#endif

/** Calls a function with loops as it was compiled for the best vectors that this processor has. */
template <auto Loop, typename... Args>
auto vectorised(Args... args) {
#if PVAFLOW_AVX2
  if (usesAvx2().load(std::memory_order_relaxed)) return withAvx2<Loop>(args...);
#endif
  return Loop(args...);
}

/** For tests: loops for all processors, or those that are chosen by themselves. */
inline void useBestVectors(bool best) {
#if PVAFLOW_AVX2
  usesAvx2().store(best && __builtin_cpu_supports("avx2"), std::memory_order_relaxed);
#else
  static_cast<void>(best);
#endif
}

}  // namespace pvaflow::image
