#pragma once
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "socket.h"
#include "wire.h"

namespace pvaflow::stream {

/** What came is not what pvAccess says it must be. */
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/**
 * The messages of a connection, read as a stream: segments are joined, control messages taken out, numbers brought into
 * the byte order of this machine. What is large goes from the socket straight to where it belongs.
 *
 * All may throw Lost, Halted and Malformed.
 */
class Input {
 public:
  explicit Input(Socket& socket) : socket_(&socket), buffer_(kBuffer), bytes_(buffer_.data()) {}
  /** What a message contains, without a header, in memory. */
  Input(std::shared_ptr<const char> memory, size_t length, bool isBigEndian);

  /** Skips what is left of the present message and begins the next. @returns its command */
  uint8_t next();

  void read(void* to, size_t length);
  void skip(size_t length);

  template <typename T>
  T number() {
    T value;
    if (at_ + sizeof(T) <= end_ && sizeof(T) <= left_) {
      std::memcpy(&value, bytes_ + at_, sizeof(T));
      at_ += sizeof(T), left_ -= sizeof(T);
    } else {
      read(&value, sizeof(T));
    }
    if (sizeof(T) > 1 && swapped_) swap(&value, sizeof(T), 1);
    return value;
  }

  /** A length or a count. */
  size_t size();
  std::string text();
  /** `count` numbers of `width` bytes. */
  void numbers(void* to, size_t width, size_t count);
  /** The same without a copy, where they lie in memory as they are wanted and are many; null, and nothing read, if not. */
  std::shared_ptr<const void> borrow(size_t width, size_t count);

  /** The message has at least so many bytes more: all that it has, unless it comes in segments. */
  size_t left() const { return left_; }
  /** More segments follow: nobody knows how long the message is. */
  bool continues() const { return continues_; }
  /** The peer's byte order, for what is sent to it. */
  bool peerIsBigEndian() const { return peerIsBigEndian_; }

  /** Called before the socket is asked for more. */
  std::function<void()> beforeReceive;

 private:
  static constexpr size_t kBuffer = 128 * 1024;
  static constexpr size_t kAhead = 4 * 1024;
  static constexpr size_t kLarge = 16 * 1024;

  static void swap(void* data, size_t width, size_t count);
  void require(size_t length);
  void nextSegment();
  bool header(uint8_t& flags, uint8_t& command);
  void refill(size_t least);
  void take(char* to, size_t length);

  Socket* const socket_ = nullptr;
  const std::shared_ptr<const char> memory_;
  std::vector<char> buffer_;
  const char* const bytes_;
  size_t at_ = 0, end_ = 0;
  /** So much is read ahead: little behind what was large, since what follows may be large as well, and is copied once less. */
  size_t ahead_ = kBuffer;
  size_t left_ = 0;  // of the present segment
  uint8_t command_ = 0;
  bool continues_ = false;
  bool swapped_ = false;
  bool peerIsBigEndian_ = false;
};

}  // namespace pvaflow::stream
