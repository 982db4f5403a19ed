// The limit: frames over plain TCP, a header and the pixels in one sendmsg, as fast as the socket takes them.
//   tcp-source --nx 1024 --ny 1024 --dtype u8|u16
// Prints `ready PORT`, serves one sink, and ends with it.
#include <sys/uio.h>

#include <array>
#include <iostream>
#include <vector>

#include "options.h"
#include "tcp.h"

namespace {

/** False when the sink is gone. */
bool send(int socket, FrameHeader& header, std::vector<uint8_t>& pixels) {
  iovec parts[2] = {{&header, sizeof header}, {pixels.data(), pixels.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  while (message.msg_iovlen > 0) {
    ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    while (message.msg_iovlen > 0 && static_cast<size_t>(sent) >= message.msg_iov->iov_len) {
      sent -= static_cast<ssize_t>(message.msg_iov->iov_len);
      message.msg_iov++;
      message.msg_iovlen--;
    }
    if (message.msg_iovlen == 0) break;
    message.msg_iov->iov_base = static_cast<char*>(message.msg_iov->iov_base) + sent;
    message.msg_iov->iov_len -= static_cast<size_t>(sent);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options(argc, argv);
  const auto element = options.text("dtype", "u8") == "u16" ? 2u : 1u;
  const auto size = static_cast<size_t>(options.number("nx", 512) * options.number("ny", 512)) * element;
  std::array<std::vector<uint8_t>, 16> images;
  for (auto& image : images) image.assign(size, 7);

  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  auto address = loopback(0);
  socklen_t length = sizeof address;
  check(bind(listener, reinterpret_cast<sockaddr*>(&address), length) == 0, "bind");
  check(listen(listener, 1) == 0, "listen");
  check(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) == 0, "getsockname");
  std::cout << "ready " << ntohs(address.sin_port) << std::endl;
  const int sink = accept(listener, nullptr, nullptr);
  check(sink >= 0, "accept");
  FrameHeader header;
  header.size = size;
  do header.id++;
  while (send(sink, header, images[static_cast<size_t>(header.id) % images.size()]));
}
