#include "snappy.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace pvaflow::codec {

namespace {

/** Matches are looked for within so many bytes, so that every distance fits into two bytes. */
constexpr size_t kFragment = 65536;
constexpr size_t kMinMatch = 4;
constexpr size_t kMaxCopy = 64;
constexpr int kHashBits = 14;
/** With every so many places without a match, the step to the next grows by one. */
constexpr size_t kPatience = 32;

enum Tag : uint8_t { kLiteral = 0, kCopy1 = 1, kCopy2 = 2, kCopy4 = 3 };

uint32_t load32(const uint8_t* at) {
  uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

size_t hashOf(uint32_t four) { return (four * 0x1e35a7bdu) >> (32 - kHashBits); }

/** Writes elements; whoever made `to` has provided the room. */
class Writer {
 public:
  explicit Writer(uint8_t* to) : to_(to) {}

  void length(size_t value) {
    for (; value >= 0x80; value >>= 7) put(static_cast<uint8_t>(value | 0x80));
    put(static_cast<uint8_t>(value));
  }

  void literal(Input bytes) {
    if (bytes.size == 0) return;
    const size_t rest = bytes.size - 1;
    if (rest < 60) {
      put(static_cast<uint8_t>(rest << 2 | kLiteral));
    } else {
      const int extra = rest < 256 ? 1 : 2;
      put(static_cast<uint8_t>((59 + extra) << 2 | kLiteral));
      for (int i = 0; i < extra; i++) put(static_cast<uint8_t>(rest >> (8 * i)));
    }
    std::memcpy(to_, bytes.data, bytes.size);
    to_ += bytes.size;
  }

  void copy(size_t distance, size_t length) {
    for (; length >= kMaxCopy + kMinMatch; length -= kMaxCopy) copy2(distance, kMaxCopy);
    if (length > kMaxCopy) {
      copy2(distance, kMaxCopy - kMinMatch);
      length -= kMaxCopy - kMinMatch;
    }
    if (length >= 12 || distance >= 2048) return copy2(distance, length);
    put(static_cast<uint8_t>(distance >> 8 << 5 | (length - kMinMatch) << 2 | kCopy1));
    put(static_cast<uint8_t>(distance));
  }

  uint8_t* end() const { return to_; }

 private:
  void put(uint8_t byte) { *to_++ = byte; }

  void copy2(size_t distance, size_t length) {
    put(static_cast<uint8_t>((length - 1) << 2 | kCopy2));
    put(static_cast<uint8_t>(distance));
    put(static_cast<uint8_t>(distance >> 8));
  }

  uint8_t* to_;
};

size_t matchLength(Input fragment, size_t candidate, size_t at) {
  size_t length = kMinMatch;
  while (at + length < fragment.size && fragment.data[candidate + length] == fragment.data[at + length]) length++;
  return length;
}

void encodeFragment(Input fragment, Writer& writer, std::array<uint16_t, 1 << kHashBits>& places) {
  places.fill(0);
  size_t written = 0;
  size_t missed = kPatience;
  for (size_t at = 1; at + kMinMatch <= fragment.size;) {
    const uint32_t four = load32(fragment.data + at);
    uint16_t& place = places[hashOf(four)];
    const size_t candidate = place;
    place = static_cast<uint16_t>(at);
    if (load32(fragment.data + candidate) != four) {
      at += missed++ / kPatience;
      continue;
    }
    writer.literal(fragment.part(written, at - written));
    const size_t length = matchLength(fragment, candidate, at);
    writer.copy(at - candidate, length);
    at += length;
    written = at;
    missed = kPatience;
  }
  writer.literal(fragment.part(written, fragment.size - written));
}

/** Reads elements into an output, each checked against both ends. */
class Reader {
 public:
  Reader(Input source, Output target) : source_(source), target_(target) {}

  void run() {
    if (length() != target_.size) damaged();
    while (from_ < source_.size) element();
    if (to_ != target_.size) damaged();
  }

 private:
  [[noreturn]] static void damaged() { refuse("its Snappy data is damaged"); }

  uint8_t next() {
    if (from_ >= source_.size) damaged();
    return source_.data[from_++];
  }

  uint64_t number(int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) value |= uint64_t{next()} << (8 * i);
    return value;
  }

  uint64_t length() {
    uint64_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const uint8_t byte = next();
      value |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    damaged();
  }

  void element() {
    const uint8_t tag = next();
    switch (tag & 3) {
      case kLiteral: return literal(tag >> 2);
      case kCopy1: {
        const size_t high = tag >> 5;
        return copy(high << 8 | next(), ((tag >> 2) & 7) + kMinMatch);
      }
      case kCopy2: return copy(number(2), (tag >> 2) + 1);
      default: return copy(number(4), (tag >> 2) + 1);
    }
  }

  void literal(size_t code) {
    const uint64_t count = (code < 60 ? code : number(static_cast<int>(code) - 59)) + 1;
    if (count > source_.size - from_ || count > target_.size - to_) damaged();
    std::memcpy(target_.data + to_, source_.data + from_, count);
    from_ += count;
    to_ += count;
  }

  void copy(uint64_t distance, size_t count) {
    if (distance == 0 || distance > to_ || count > target_.size - to_) damaged();
    uint8_t* const to = target_.data + to_;
    for (size_t i = 0; i < count; i++) to[i] = *(to + i - distance);  // it may overlap itself
    to_ += count;
  }

  Input source_;
  Output target_;
  size_t from_ = 0;
  size_t to_ = 0;
};

}  // namespace

size_t snappyBound(size_t bytes) { return 32 + bytes + bytes / 6; }

size_t encodeSnappy(Input source, Output target) {
  std::array<uint16_t, 1 << kHashBits> places;
  Writer writer(target.data);
  writer.length(source.size);
  for (size_t from = 0; from < source.size; from += kFragment)
    encodeFragment(source.part(from, std::min(kFragment, source.size - from)), writer, places);
  return static_cast<size_t>(writer.end() - target.data);
}

void decodeSnappy(Input source, Output target) { Reader(source, target).run(); }

}  // namespace pvaflow::codec
