#include "outbox.h"

#include <cstring>

#include "value/buffer-pool.h"

namespace pvaflow::shared {

std::unique_ptr<Outbox> Outbox::open(const std::string& address) {
  auto memory = Memory::open(address);
  return memory ? std::unique_ptr<Outbox>(new Outbox(std::move(memory))) : nullptr;
}

Array Outbox::put(const Array& array) {
  const size_t width = pvxs::elementSize(array.original_type());
  const size_t bytes = array.size() * width;
  const size_t slot = freeBlock(BufferPool::capacityFor(bytes));
  if (slot == kNone) return {};
  const Block& block = blocks_[slot];
  std::memcpy(memory_->bytes() + block.offset, array.data(), bytes);
  memory_->slot(slot).store(1, std::memory_order_release);
  count_++;
  const auto standIn = newBuffer(kStandInBytes);
  write({static_cast<uint32_t>(slot), block.offset, array.size()}, token_, standIn.get());
  return Array(std::shared_ptr<const void>(standIn), kStandInBytes / width, array.original_type());
}

size_t Outbox::freeBlock(size_t bytes) {
  for (size_t slot = 0; slot < blocks_.size(); slot++) {
    if (blocks_[slot].bytes == bytes && isFree(slot)) return slot;
  }
  const size_t slot = newBlock(bytes);
  if (slot != kNone) return slot;
  const size_t before = used_;
  while (!blocks_.empty() && isFree(blocks_.size() - 1)) {
    used_ -= blocks_.back().bytes;
    blocks_.pop_back();
  }
  if (blocks_.empty()) memory_->forget(0, before);
  return newBlock(bytes);
}

size_t Outbox::newBlock(size_t bytes) {
  if (blocks_.size() == Memory::kSlots || bytes > Memory::kBytes - used_ || !memory_->reserve(used_, bytes)) return kNone;
  blocks_.push_back({used_, bytes});
  used_ += bytes;
  return blocks_.size() - 1;
}

}  // namespace pvaflow::shared
