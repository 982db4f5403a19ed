#include "stand-in.h"

#include <cstring>

namespace pvaflow::shared {

namespace {

// Each byte is written eight times, so that a connection of the other byte order changes nothing.
constexpr size_t kGroup = 8;
constexpr size_t kBytes = sizeof(Token) + sizeof(StandIn::slot) + sizeof(StandIn::offset) + sizeof(StandIn::count);
static_assert(kBytes * kGroup <= kStandInBytes);

}  // namespace

void write(const StandIn& standIn, const Token& token, void* bytes) {
  uint8_t all[kStandInBytes / kGroup] = {};
  uint8_t* at = all;
  const auto add = [&](const void* from, size_t length) { std::memcpy(at, from, length), at += length; };
  add(token.data(), token.size());
  add(&standIn.slot, sizeof standIn.slot);
  add(&standIn.offset, sizeof standIn.offset);
  add(&standIn.count, sizeof standIn.count);
  for (size_t i = 0; i < kStandInBytes; i++) static_cast<uint8_t*>(bytes)[i] = all[i / kGroup];
}

std::optional<StandIn> read(const void* bytes, const Token& token) {
  uint8_t all[kBytes];
  for (size_t i = 0; i < kBytes; i++) all[i] = static_cast<const uint8_t*>(bytes)[i * kGroup];
  if (std::memcmp(all, token.data(), token.size()) != 0) return std::nullopt;
  StandIn standIn;
  const uint8_t* at = all + token.size();
  const auto take = [&](void* to, size_t length) { std::memcpy(to, at, length), at += length; };
  take(&standIn.slot, sizeof standIn.slot);
  take(&standIn.offset, sizeof standIn.offset);
  take(&standIn.count, sizeof standIn.count);
  return standIn;
}

}  // namespace pvaflow::shared
