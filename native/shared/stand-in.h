#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace pvaflow::shared {

/** What only the two ends of a shared memory know. */
using Token = std::array<uint8_t, 16>;

/** Where an array lies in a shared memory. It goes through the connection in the place of the array. */
struct StandIn {
  uint32_t slot = 0;
  uint64_t offset = 0;
  uint64_t count = 0;  // of elements
};

/** Bytes of every stand-in, whatever the type of its elements. */
constexpr size_t kStandInBytes = 512;

/** Fills `bytes`, kStandInBytes of them. */
void write(const StandIn& standIn, const Token& token, void* bytes);

/** What `bytes`, kStandInBytes of them, say; nothing if they are no stand-in for who has this token. */
std::optional<StandIn> read(const void* bytes, const Token& token);

}  // namespace pvaflow::shared
