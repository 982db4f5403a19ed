#include "inbox.h"

#include <stdexcept>

namespace pvaflow::shared {

std::unique_ptr<Inbox> Inbox::create() {
  auto memory = Memory::create();
  return memory ? std::unique_ptr<Inbox>(new Inbox(std::move(memory))) : nullptr;
}

Array Inbox::resolve(const Array& received) const {
  const auto standIn = read(received.data(), memory_->token());
  if (!standIn) return received;
  const size_t width = pvxs::elementSize(received.original_type());
  const auto& [slot, offset, count] = *standIn;
  const bool isInside = offset <= Memory::kBytes && count <= (Memory::kBytes - offset) / width && offset % width == 0;
  if (!isInside || slot >= Memory::kSlots) throw std::runtime_error("an array is outside of the memory that is shared with the server");
  const auto letGo = [memory = memory_, slot = slot](const void*) { memory->slot(slot).store(0, std::memory_order_release); };
  return Array(std::shared_ptr<const void>(memory_->bytes() + offset, letGo), count, received.original_type());
}

}  // namespace pvaflow::shared
