#include "buffer-pool.h"

#include <cstdint>
#include <cstdlib>
#include <new>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace pvaflow {

namespace {

constexpr size_t kMostKept = 64 << 20;
constexpr size_t kPage = 4096;

size_t roundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

#ifdef __linux__

constexpr size_t kHugePage = 2 << 20;

void* fresh(size_t capacity) {
  // so much that it can begin with a huge page: one fault then brings 512 pages
  const size_t slack = capacity >= kHugePage ? kHugePage : 0;
  void* mapped = ::mmap(nullptr, capacity + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  if (slack == 0) return mapped;
  char* const from = static_cast<char*>(mapped);
  char* const memory = reinterpret_cast<char*>(roundUp(reinterpret_cast<uintptr_t>(from), kHugePage));
  const size_t before = static_cast<size_t>(memory - from);
  if (before > 0) ::munmap(from, before);
  if (before < slack) ::munmap(memory + capacity, slack - before);
  ::madvise(memory, capacity / kHugePage * kHugePage, MADV_HUGEPAGE);
  return memory;
}

void discard(void* memory, size_t capacity) { ::munmap(memory, capacity); }

#else

void* fresh(size_t capacity) {
  void* memory = std::malloc(capacity);
  if (!memory) throw std::bad_alloc();
  return memory;
}

void discard(void* memory, size_t) { std::free(memory); }

#endif

/** The sanitizer watches memory of the heap only. */
#ifdef __SANITIZE_ADDRESS__
constexpr size_t kPooled = SIZE_MAX;
#else
constexpr size_t kPooled = BufferPool::kLeast;
#endif

}  // namespace

/** Eight steps to each power of two. */
size_t BufferPool::capacityFor(size_t bytes) {
  size_t step = kPage;
  while (step * 16 <= bytes) step *= 2;
  return roundUp(bytes, step);
}

BufferPool& BufferPool::instance() {
  static BufferPool* const pool = new BufferPool();
  return *pool;
}

void* BufferPool::take(size_t bytes) {
  const size_t capacity = capacityFor(bytes);
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    const auto shelf = shelves_.find(capacity);
    if (shelf != shelves_.end() && !shelf->second.buffers.empty()) {
      void* const memory = shelf->second.buffers.back();
      shelf->second.buffers.pop_back();
      kept_ -= capacity;
      return memory;
    }
  }
  return fresh(capacity);
}

void BufferPool::giveBack(void* memory, size_t bytes) noexcept {
  const size_t capacity = capacityFor(bytes);
  try {
    keep(memory, capacity);
  } catch (const std::bad_alloc&) {  // not even a place in the list is to be had
    discard(memory, capacity);
  }
}

void BufferPool::keep(void* memory, size_t capacity) {
  const std::lock_guard<std::mutex> guard(mutex_);
  Shelf& shelf = shelves_[capacity];
  shelf.buffers.push_back(memory);
  shelf.lastUse = ++uses_;
  kept_ += capacity;
  while (kept_ > kMostKept) discardOne();
}

/** The buffer that came first to the shelf that was not used for the longest time. */
void BufferPool::discardOne() {
  auto oldest = shelves_.end();
  for (auto each = shelves_.begin(); each != shelves_.end(); ++each) {
    const bool isOlder = oldest == shelves_.end() || each->second.lastUse < oldest->second.lastUse;
    if (!each->second.buffers.empty() && isOlder) oldest = each;
  }
  auto& [capacity, shelf] = *oldest;
  discard(shelf.buffers.front(), capacity);
  shelf.buffers.pop_front();
  kept_ -= capacity;
}

std::shared_ptr<void> newBuffer(size_t bytes) {
  if (bytes < kPooled) {
    void* memory = std::malloc(bytes > 0 ? bytes : 1);
    if (!memory) throw std::bad_alloc();
    return {memory, std::free};
  }
  auto& pool = BufferPool::instance();
  return {pool.take(bytes), [&pool, bytes](void* memory) { pool.giveBack(memory, bytes); }};
}

}  // namespace pvaflow
