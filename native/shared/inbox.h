#pragma once
#include <memory>

#include "memory.h"
#include "value/arrays.h"

namespace pvaflow::shared {

/** The client's side of a memory that it shares with one server, for as long as one connection lasts. One thread. */
class Inbox {
 public:
  /** Null where the system has no such memory to give. */
  static std::unique_ptr<Inbox> create();

  /** What the server is told. */
  std::string address() const { return memory_->address(); }

  /** `received` may be what was sent instead of an array: it has the length of that. */
  static bool mayStandIn(size_t bytes) { return bytes == kStandInBytes; }
  /**
   * The array that `received` stands for, where it lies: the server has the memory back when nobody refers to the array any more.
   * `received` itself if it stands for nothing. Throws std::runtime_error if what it stands for is not in the memory.
   */
  Array resolve(const Array& received) const;

 private:
  explicit Inbox(std::shared_ptr<Memory> memory) : memory_(std::move(memory)) {}

  const std::shared_ptr<Memory> memory_;
};

}  // namespace pvaflow::shared
