#pragma once
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

namespace pvaflow {

/**
 * Memory for the pixels of frames, used again and again. What was given back last is given out first: it is in the cache, and its
 * pages are there. The heap would return it to the system, which then finds and clears page by page for each frame.
 *
 * From all threads.
 */
class BufferPool {
 public:
  /** Arrays may outlive everything else: it is never destroyed. */
  static BufferPool& instance();

  /** Smaller ones are the heap's. */
  static constexpr size_t kLeast = 64 * 1024;

  /** How much is taken for so many bytes: frames that vary a little have the same. */
  static size_t capacityFor(size_t bytes);

  /** Not set. Throws std::bad_alloc. */
  void* take(size_t bytes);
  /** `bytes` are as many as were asked for. */
  void giveBack(void* memory, size_t bytes) noexcept;

 private:
  /** Buffers of one capacity that nobody uses, and when the last one came. */
  struct Shelf {
    std::deque<void*> buffers;
    size_t lastUse = 0;
  };

  void keep(void* memory, size_t capacity);
  void discardOne();

  std::mutex mutex_;
  std::map<size_t, Shelf> shelves_;
  size_t kept_ = 0;
  size_t uses_ = 0;
};

/** Memory that is not set: from the pool if it is much, otherwise from the heap. Throws std::bad_alloc. */
std::shared_ptr<void> newBuffer(size_t bytes);

}  // namespace pvaflow
