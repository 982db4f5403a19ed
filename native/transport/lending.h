#pragma once
#include <pvxs/data.h>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace pvaflow::transport {

using Array = pvxs::shared_array<const void>;

/** Elements of every stand-in. More than 253, so that PVXS writes their number in the long form: 0xFE and 32 bits. */
constexpr uint32_t standInElements = 256;
constexpr size_t countSize = 5;

/** A stand-in in a message: where it starts (after its count), and what it stands for. */
struct StandIn {
  uint8_t* start = nullptr;
  size_t size = 0;
  bool swapped = false;  // the message is in the byte order that is not this machine's
  bool broken = false;   // a stand-in that is cut, or that nothing is known of: the message must not be sent
  Array array;
};

/** A stand-in for `array`, of the same element type. `array` lives as long as it does, and as long as a message needs it. */
Array lend(Array array);

/** The first stand-in between `begin` and `end`; `start` is null when there is none. */
StandIn findStandIn(uint8_t* begin, uint8_t* end);

/** A message is begun, or ended, on this thread: a stand-in dropped between the two is still found by findStandIn. */
void beginMessage();
void endMessage();

}  // namespace pvaflow::transport
