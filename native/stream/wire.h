#pragma once
#include <cstdint>

namespace pvaflow::stream {

/**
 * What stands in pvAccess messages. Source: the protocol specification,
 * https://docs.epics-controls.org/en/latest/pv-access/Protocol-Messages.html
 */
namespace wire {

constexpr uint8_t magic = 0xCA;
constexpr uint8_t version = 2;
constexpr size_t headerSize = 8;

/** Flags of a header. */
constexpr uint8_t control = 0x01;
constexpr uint8_t segmentContinues = 0x20;  // not the first segment
constexpr uint8_t segmentMask = 0x30;       // 0x00 whole, 0x10 first, 0x20 last, 0x30 in between
constexpr uint8_t segmentLast = 0x20;
constexpr uint8_t bigEndian = 0x80;

constexpr uint8_t setByteOrder = 2;  // a control message

enum Command : uint8_t {
  validation = 1,
  echo = 2,
  createChannel = 7,
  destroyChannel = 8,
  validated = 9,
  monitor = 13,
  rpc = 20,
};

/** Of a monitor and a call. */
constexpr uint8_t init = 0x08;
/** Of a monitor. */
constexpr uint8_t start = 0x44;
constexpr uint8_t stop = 0x04;
constexpr uint8_t pipeline = 0x80;  // with init: asks for one; alone: acknowledges
constexpr uint8_t last = 0x10;

constexpr uint8_t longSize = 254;
constexpr uint8_t noSize = 255;
constexpr uint8_t noType = 0xFF;
constexpr uint8_t typeWithId = 0xFD;
constexpr uint8_t typeById = 0xFE;

}  // namespace wire

constexpr bool hostIsBigEndian =
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    true;
#else
    false;
#endif

}  // namespace pvaflow::stream
