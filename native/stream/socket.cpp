#include "socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pvaflow::stream {

namespace {

/** At once where the system can: another thread may start a program between two calls, which would keep the connection open. */
#ifdef SOCK_CLOEXEC
constexpr int kCloseOnExec = SOCK_CLOEXEC;
#else
constexpr int kCloseOnExec = 0;
#endif
constexpr int kTickMs = 100;
constexpr int kConnectTicks = 50;
constexpr size_t kLargeRead = 64 * 1024;
constexpr int kWindow = 4 << 20;
constexpr size_t kLargestMark = kWindow / 2;  // while half of the window is read the sender fills the other

/** Fills `address` and returns its size; 0 if `peer` is no address. */
socklen_t parse(const std::string& peer, sockaddr_storage& address) {
  const size_t colon = peer.rfind(':');
  if (colon == std::string::npos) return 0;
  std::string host = peer.substr(0, colon);
  const uint16_t port = htons(static_cast<uint16_t>(std::strtoul(peer.c_str() + colon + 1, nullptr, 10)));
  std::memset(&address, 0, sizeof address);
  auto* four = reinterpret_cast<sockaddr_in*>(&address);
  if (inet_pton(AF_INET, host.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = port;
    return sizeof *four;
  }
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  auto* six = reinterpret_cast<sockaddr_in6*>(&address);
  if (inet_pton(AF_INET6, host.c_str(), &six->sin6_addr) != 1) return 0;
  six->sin6_family = AF_INET6;
  six->sin6_port = port;
  return sizeof *six;
}

/**
 * A first mark makes Linux widen the receive window to it, and every mark that widens it also ends it there: the sender would
 * then stop at each mark until the reader has come. So one wide mark, before those that count.
 */
void widenWindow(int socket) {
  for (const int mark : {kWindow, 1}) ::setsockopt(socket, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark);
}

Lost lost(const std::string& what, int error) { return Lost(what + ": " + std::strerror(error)); }

}  // namespace

Socket::Socket(const std::string& peer, const std::atomic<bool>& halted) : halted_(halted) {
  try {
    connect(peer);
  } catch (...) {
    if (socket_ >= 0) ::close(socket_);
    throw;
  }
}

Socket::~Socket() { ::close(socket_); }

void Socket::connect(const std::string& peer) {
  sockaddr_storage address;
  const socklen_t size = parse(peer, address);
  if (size == 0) throw Lost("no address: " + peer);
  socket_ = ::socket(address.ss_family, SOCK_STREAM | kCloseOnExec, 0);
  if (socket_ < 0) throw lost("no socket", errno);
  ::fcntl(socket_, F_SETFD, FD_CLOEXEC);
  const int flags = ::fcntl(socket_, F_GETFL);
  ::fcntl(socket_, F_SETFL, flags | O_NONBLOCK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0) {
    if (errno != EINPROGRESS) throw lost("no connection to " + peer, errno);
    awaitConnection();
  }
  ::fcntl(socket_, F_SETFL, flags);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#ifdef SO_NOSIGPIPE
  ::setsockopt(socket_, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  widenWindow(socket_);
  const timeval second{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
}

void Socket::awaitConnection() {
  for (int tick = 0; tick < kConnectTicks; tick++) {
    if (halted_) throw Halted();
    pollfd entry{socket_, POLLOUT, 0};
    if (::poll(&entry, 1, kTickMs) <= 0) continue;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) throw lost("no connection", error);
    return;
  }
  throw Lost("no connection: the server does not answer");
}

size_t Socket::receive(char* to, size_t least, size_t most) {
  size_t count = 0;
  while (count < least) {
    if (halted_) throw Halted();
    await(least - count);
    const bool isLarge = least - count >= kLargeRead;
    const ssize_t got = ::recv(socket_, to + count, most - count, isLarge ? MSG_WAITALL : 0);
    if (got > 0) {
      count += static_cast<size_t>(got);
      heard_ = true;
      if (isLarge && count < least) idle();  // a second has passed, and the rest is still on its way
    } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      idle();
    } else if (got == 0 || errno != EINTR) {
      if (halted_) throw Halted();
      throw got == 0 ? Lost("the server closed the connection") : lost("connection", errno);
    }
  }
  return count;
}

/** The reader is not woken for a sliver of a large message. */
void Socket::await(size_t bytes) {
  const int mark = bytes >= kLargeRead ? static_cast<int>(std::min(bytes, kLargestMark)) : 1;
  if (mark == mark_) return;
  if (::setsockopt(socket_, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark) == 0) mark_ = mark;
}

void Socket::idle() {
  {
    const std::lock_guard<std::mutex> guard(sending_);
    flush();
  }
  if (onIdle) onIdle(std::exchange(heard_, false));
}

void Socket::send(const std::string& bytes) {
  const std::lock_guard<std::mutex> guard(sending_);
  unsent_ += bytes;
  flush();
}

/** A connection that cannot be written to is told to the reader, by the connection itself. */
void Socket::flush() {
#ifdef MSG_NOSIGNAL
  constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
#else
  constexpr int flags = MSG_DONTWAIT;
#endif
  while (!unsent_.empty()) {
    const ssize_t sent = ::send(socket_, unsent_.data(), unsent_.size(), flags);
    if (sent <= 0) return;
    unsent_.erase(0, static_cast<size_t>(sent));
  }
}

bool Socket::isLocal() const {
  sockaddr_storage here{}, there{};
  socklen_t size = sizeof here, peerSize = sizeof there;
  if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &size) != 0) return false;
  if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&there), &peerSize) != 0) return false;
  if (here.ss_family != there.ss_family) return false;
  if (here.ss_family == AF_INET) {
    const auto addressOf = [](const sockaddr_storage& one) { return reinterpret_cast<const sockaddr_in&>(one).sin_addr.s_addr; };
    return addressOf(here) == addressOf(there);
  }
  const auto addressOf = [](const sockaddr_storage& one) { return &reinterpret_cast<const sockaddr_in6&>(one).sin6_addr; };
  return std::memcmp(addressOf(here), addressOf(there), sizeof(in6_addr)) == 0;
}

void Socket::shutdown() { ::shutdown(socket_, SHUT_RDWR); }

}  // namespace pvaflow::stream
