#ifdef __linux__
// A frame of megabytes arrives in slivers: by default the receiver is woken for every segment, and PVXS allows a single
// read of 128 KiB. Each read costs an epoll_wait, an ioctl and a readv. Here single reads may take 1 MiB, and while a large
// message is incomplete the socket counts as readable only when the rest of that message is there, or 512 KiB of it
// (SO_RCVLOWAT). One without the other brings nothing.
//
// Why a connection cannot stall on the mark:
// - The mark never exceeds what is missing of the message that PVXS itself waits for (its low watermark): PVXS would not
//   be called for less either. It is lowered after every read, and back to 1 when PVXS waits for a header, so keep-alives,
//   acknowledgements and small messages are seen at once.
// - A closed or broken connection is readable whatever the mark is.
// - Linux enlarges the receive buffer to twice the mark, caps the mark where it may not, and wakes the reader when the
//   window closes before the mark is reached; the last is sure from 5.10 on ("fix SO_RCVLOWAT hangs with fat skbs"), so
//   older kernels keep the stock way.
// - PVXS gives up a connection on which nothing was read for its timeout (40 s): that needs a link below 13 kB/s here.
#include <sys/socket.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>

#include "libevent.h"
#include "settings.h"

namespace pvaflow::transport {

namespace {

constexpr size_t largestRead = 1 << 20;
constexpr size_t largestMark = 512 * 1024;
constexpr size_t largeMessage = 64 * 1024;

/** Of one socket. Only the thread of its connection uses it; a descriptor may pass to another thread between two. */
struct Receiver {
  std::atomic<bool> active{false};
  std::atomic<size_t> message{0};  // bytes at which PVXS wants to be called
  std::atomic<size_t> mark{1};     // the socket's SO_RCVLOWAT
};

constexpr size_t mostReceivers = 4096;  // sockets with larger descriptors are read the stock way
std::array<Receiver, mostReceivers> receivers;

Receiver* receiverOf(int socket) {
  if (socket < 0 || static_cast<size_t>(socket) >= mostReceivers) return nullptr;
  return &receivers[static_cast<size_t>(socket)];
}

bool kernelWakesReaders() {
  utsname kernel{};
  int major = 0, minor = 0;
  return uname(&kernel) == 0 && std::sscanf(kernel.release, "%d.%d", &major, &minor) == 2 &&
         (major > 5 || (major == 5 && minor >= 10));
}

/** A new connection on this socket. True when it takes large reads. */
bool begin(int socket) {
  static const bool able = kernelWakesReaders();
  Receiver* receiver = receiverOf(socket);
  if (!receiver) return false;
  receiver->message = 0;
  receiver->mark = 1;
  return receiver->active = able && Settings::get().reads.on;
}

void setMark(int socket, Receiver& receiver, size_t mark) {
  if (receiver.mark == mark) return;
  const int value = static_cast<int>(mark);
  if (setsockopt(socket, SOL_SOCKET, SO_RCVLOWAT, &value, sizeof value) == 0) receiver.mark = mark;
}

/** `length` bytes are there of the message that PVXS waits for. */
void follow(int socket, Receiver& receiver, size_t length) {
  const size_t message = receiver.message;
  const bool large = message >= largeMessage && length < message;
  setMark(socket, receiver, large ? std::min(message - length, largestMark) : 1);
}

}  // namespace
}  // namespace pvaflow::transport

PVAFLOW_INTERPOSE int bufferevent_set_max_single_read(bufferevent* connection, size_t size) {
  using namespace pvaflow::transport;
  static auto* const original = next<int(bufferevent*, size_t)>("bufferevent_set_max_single_read");
  return original(connection, begin(socketOf(connection)) ? std::max(size, largestRead) : size);
}

PVAFLOW_INTERPOSE void bufferevent_setwatermark(bufferevent* connection, short events, size_t low, size_t high) {
  using namespace pvaflow::transport;
  static auto* const original = next<void(bufferevent*, short, size_t, size_t)>("bufferevent_setwatermark");
  original(connection, events, low, high);
  const int socket = socketOf(connection);
  Receiver* receiver = (events & EV_READ) ? receiverOf(socket) : nullptr;
  if (!receiver || !receiver->active) return;
  receiver->message = low;
  follow(socket, *receiver, lengthOf(inputOf(connection)));
}

PVAFLOW_INTERPOSE int evbuffer_read(evbuffer* buffer, int socket, int most) {
  using namespace pvaflow::transport;
  static auto* const original = next<int(evbuffer*, int, int)>("evbuffer_read");
  const int count = original(buffer, socket, most);
  Receiver* receiver = receiverOf(socket);
  if (count > 0 && receiver && receiver->active) follow(socket, *receiver, lengthOf(buffer));
  return count;
}
#endif
