#include "input.h"

#include <algorithm>

namespace pvaflow::stream {

namespace {

constexpr size_t kLongestText = 16 << 20;
constexpr size_t kBorrowed = 16384;  // bytes from which on it is worth while to keep the whole message

}  // namespace

Input::Input(std::shared_ptr<const char> memory, size_t length, bool isBigEndian)
    : memory_(std::move(memory)), bytes_(memory_.get()), end_(length), left_(length), swapped_(isBigEndian != hostIsBigEndian) {}

uint8_t Input::next() {
  while (continues_ || left_ > 0) {
    skip(left_);
    if (continues_) nextSegment();
  }
  uint8_t flags = 0;
  while (!header(flags, command_)) {
  }
  if (flags & wire::segmentContinues) throw Malformed("a message begins with a later segment");
  return command_;
}

void Input::nextSegment() {
  uint8_t flags = 0, command = 0;
  while (!header(flags, command)) {
  }
  if (!(flags & wire::segmentContinues) || command != command_) throw Malformed("a segment of a message is missing");
}

/** Reads one header. False for a control message. */
bool Input::header(uint8_t& flags, uint8_t& command) {
  uint8_t bytes[wire::headerSize];
  take(reinterpret_cast<char*>(bytes), sizeof bytes);
  if (bytes[0] != wire::magic || bytes[1] == 0) throw Malformed("a header does not begin like one");
  flags = bytes[2];
  command = bytes[3];
  if (flags & wire::control) {
    if (command == wire::setByteOrder) peerIsBigEndian_ = flags & wire::bigEndian;
    return false;
  }
  swapped_ = bool(flags & wire::bigEndian) != hostIsBigEndian;
  uint32_t length;
  std::memcpy(&length, bytes + 4, sizeof length);
  if (swapped_) swap(&length, sizeof length, 1);
  left_ = length;
  const uint8_t segment = flags & wire::segmentMask;
  continues_ = segment != 0 && segment != wire::segmentLast;
  return true;
}

/** Makes sure that the present segment has something left. */
void Input::require(size_t length) {
  while (left_ == 0 && length > 0) {
    if (!continues_) throw Malformed("a message ends before what it contains");
    nextSegment();
  }
}

void Input::read(void* to, size_t length) {
  auto* at = static_cast<char*>(to);
  while (length > 0) {
    require(length);
    const size_t part = std::min(length, left_);
    take(at, part);
    at += part, length -= part, left_ -= part;
  }
}

void Input::skip(size_t length) {
  while (length > 0) {
    require(length);
    if (at_ == end_) refill(1);
    const size_t part = std::min({length, left_, end_ - at_});
    at_ += part, length -= part, left_ -= part;
  }
}

/** Bytes as they come, whatever message they belong to. */
void Input::take(char* to, size_t length) {
  while (length > 0) {
    if (at_ == end_ && length >= kLarge) {
      if (beforeReceive) beforeReceive();
      socket_->receive(to, length, length);
      ahead_ = kAhead;
      return;
    }
    if (at_ == end_) refill(1);
    const size_t part = std::min(length, end_ - at_);
    std::memcpy(to, bytes_ + at_, part);
    at_ += part, to += part, length -= part;
  }
}

void Input::refill(size_t least) {
  if (beforeReceive) beforeReceive();
  at_ = end_ = 0;
  end_ = socket_->receive(buffer_.data(), least, ahead_);
  ahead_ = std::min(2 * ahead_, kBuffer);
}

size_t Input::size() {
  const uint8_t first = number<uint8_t>();
  if (first == wire::noSize) return 0;
  return first == wire::longSize ? number<uint32_t>() : first;
}

std::string Input::text() {
  const size_t length = size();
  if (length > kLongestText || (!continues_ && length > left_)) throw Malformed("a text is longer than its message");
  std::string text(length, '\0');
  read(&text[0], length);
  return text;
}

void Input::numbers(void* to, size_t width, size_t count) {
  read(to, width * count);
  if (swapped_ && width > 1) swap(to, width, count);
}

std::shared_ptr<const void> Input::borrow(size_t width, size_t count) {
  const bool isMuch = width * count >= kBorrowed && width * count <= left_;
  if (!memory_ || swapped_ || !isMuch || reinterpret_cast<uintptr_t>(bytes_ + at_) % width != 0) return nullptr;
  const std::shared_ptr<const void> there(memory_, bytes_ + at_);
  at_ += width * count, left_ -= width * count;
  return there;
}

void Input::swap(void* data, size_t width, size_t count) {
  auto* at = static_cast<char*>(data);
  for (size_t i = 0; i < count; i++, at += width) std::reverse(at, at + width);
}

}  // namespace pvaflow::stream
