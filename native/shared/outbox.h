#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "memory.h"
#include "value/arrays.h"

namespace pvaflow::shared {

/**
 * The server's side of a memory that it shares with one client. Not synchronised.
 *
 * What the client has let go of last is in the cache, so the first block that is free is used. When frames of another size come and
 * there is no room, the memory behind the last block that the client keeps is divided anew.
 */
class Outbox {
 public:
  /** Null if there is no such memory on this machine, or not for this user. */
  static std::unique_ptr<Outbox> open(const std::string& address);

  /** Copies `array` into the memory. @returns what is sent instead of it, of the same element type; nothing if there is no room */
  Array put(const Array& array);
  /** Arrays that were put there. */
  uint64_t count() const { return count_; }  // any thread

 private:
  struct Block {
    size_t offset;
    size_t bytes;
  };
  static constexpr size_t kNone = SIZE_MAX;

  explicit Outbox(std::shared_ptr<Memory> memory) : memory_(std::move(memory)), token_(memory_->token()) {}
  size_t freeBlock(size_t bytes);
  size_t newBlock(size_t bytes);
  bool isFree(size_t slot) const { return memory_->slot(slot).load(std::memory_order_acquire) == 0; }

  const std::shared_ptr<Memory> memory_;
  const Token token_;  // as it was: the client could change its own
  std::vector<Block> blocks_;  // by slot
  size_t used_ = 0;            // bytes of them
  std::atomic<uint64_t> count_{0};
};

}  // namespace pvaflow::shared
