#pragma once
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace pvaflow::codec {

/** Bytes to read; owned by somebody else, who keeps them unchanged. */
struct Input {
  const uint8_t* data;
  size_t size;

  /** `count` bytes from `offset`, which are known to be there. */
  Input part(size_t offset, size_t count) const { return {data + offset, count}; }
};

/** Memory to write to; owned by somebody else. */
struct Output {
  uint8_t* data;
  size_t size;

  Output part(size_t offset, size_t count) const { return {data + offset, count}; }
};

/** Data that cannot be decoded, because it is damaged or contradicts its frame, or that cannot be encoded. */
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[noreturn]] inline void refuse(const std::string& what) { throw Error(what); }

inline std::string inBytes(uint64_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

inline uint32_t bigEndian32(const uint8_t* at) {
  return uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 | uint32_t{at[3]};
}

inline void putBigEndian32(uint8_t* at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = static_cast<uint8_t>(value >> (24 - 8 * i));
}

inline uint64_t bigEndian64(const uint8_t* at) { return uint64_t{bigEndian32(at)} << 32 | bigEndian32(at + 4); }

inline void putBigEndian64(uint8_t* at, uint64_t value) {
  putBigEndian32(at, static_cast<uint32_t>(value >> 32));
  putBigEndian32(at + 4, static_cast<uint32_t>(value));
}

inline uint32_t littleEndian32(const uint8_t* at) {
  return uint32_t{at[3]} << 24 | uint32_t{at[2]} << 16 | uint32_t{at[1]} << 8 | uint32_t{at[0]};
}

inline void putLittleEndian32(uint8_t* at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = static_cast<uint8_t>(value >> (8 * i));
}

}  // namespace pvaflow::codec
