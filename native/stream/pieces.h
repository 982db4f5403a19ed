#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "wire.h"

namespace pvaflow::stream {

/**
 * What a message contains, in the byte order of this machine, in pieces: small things one after the other, large arrays
 * where they are. Valid as long as these stay where they are.
 */
class Pieces {
 public:
  template <typename T>
  Pieces& number(T value) {
    return bytes(&value, sizeof(T));
  }
  Pieces& bytes(const void* data, size_t size) {
    small_.append(static_cast<const char*>(data), size);
    return *this;
  }
  Pieces& size(size_t size) {
    if (size < wire::longSize) return number(static_cast<uint8_t>(size));
    return number(wire::longSize).number(static_cast<uint32_t>(size));
  }
  Pieces& text(const std::string& text) { return size(text.size()).bytes(text.data(), text.size()); }
  /** The contents of an array: not copied if they are large. */
  Pieces& contents(const void* data, size_t size) {
    if (size < kLarge) return bytes(data, size);
    large_.push_back({small_.size(), data, size});
    largeBytes_ += size;
    return *this;
  }

  Pieces& append(const Pieces& other) {
    for (const Large& large : other.large_) large_.push_back({small_.size() + large.place, large.data, large.size});
    small_ += other.small_;
    largeBytes_ += other.largeBytes_;
    return *this;
  }

  size_t length() const { return small_.size() + largeBytes_; }

  /** Calls `take(data, size)` for each piece, in order. */
  template <typename Take>
  void each(Take&& take) const {
    size_t at = 0;
    for (const Large& large : large_) {
      if (large.place > at) take(small_.data() + at, large.place - at);
      take(large.data, large.size);
      at = large.place;
    }
    if (small_.size() > at) take(small_.data() + at, small_.size() - at);
  }

  /** Where the largest of the arrays that are not copied begins; 0 if there is none. */
  size_t placeOfLargest() const {
    size_t before = 0, place = 0, largest = 0;
    for (const Large& large : large_) {
      if (large.size > largest) place = large.place + before, largest = large.size;
      before += large.size;
    }
    return place;
  }

 private:
  static constexpr size_t kLarge = 4096;
  struct Large {
    size_t place;  // among the small things
    const void* data;
    size_t size;
  };

  std::string small_;
  std::vector<Large> large_;
  size_t largeBytes_ = 0;
};

}  // namespace pvaflow::stream
