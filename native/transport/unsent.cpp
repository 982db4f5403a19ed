#include "unsent.h"

#ifdef __linux__
// PVXS counts an update as sent when it is in the output buffer of the connection, and closes a connection with all that is
// in there. Whoever ends a server in an orderly way has to know when the last frame is through.
#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>

#include "libevent.h"

namespace pvaflow::transport {

namespace {

constexpr size_t mostConnections = 4096;  // those with larger descriptors are not counted

/** By descriptor: what waits in the output buffer. It outlives every connection, so that libevent may always call back. */
std::array<std::atomic<size_t>, mostConnections> outputs;

std::mutex peersMutex;
std::unordered_map<std::string, int> peers;  // the descriptor of the connection to each; older ones stay until it is used again

void onOutput(evbuffer*, const OutputChange* change, void* output) {
  static_cast<std::atomic<size_t>*>(output)->store(change->before + change->added - change->removed);
}

std::string peerOf(int socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    const auto* ip4 = reinterpret_cast<const sockaddr_in*>(&address);
    inet_ntop(AF_INET, &ip4->sin_addr, text, sizeof text);
    return std::string(text) + ":" + std::to_string(ntohs(ip4->sin_port));
  }
  const auto* ip6 = reinterpret_cast<const sockaddr_in6*>(&address);
  inet_ntop(AF_INET6, &ip6->sin6_addr, text, sizeof text);
  return "[" + std::string(text) + "]:" + std::to_string(ntohs(ip6->sin6_port));
}

size_t inSocket(int socket) {
  int bytes = 0;
  return ioctl(socket, SIOCOUTQ, &bytes) == 0 && bytes > 0 ? static_cast<size_t>(bytes) : 0;
}

}  // namespace

void countOutput(bufferevent* connection) {
  const int socket = socketOf(connection);
  if (socket < 0 || static_cast<size_t>(socket) >= mostConnections) return;
  const std::string peer = peerOf(socket);
  if (peer.empty()) return;
  auto& output = outputs[static_cast<size_t>(socket)];
  output = 0;
  callOnChange(outputOf(connection), onOutput, &output);
  std::lock_guard<std::mutex> guard(peersMutex);
  for (auto at = peers.begin(); at != peers.end();) at = at->second == socket ? peers.erase(at) : std::next(at);
  peers[peer] = socket;
}

size_t unsentBytes(const std::string& peer) {
  std::lock_guard<std::mutex> guard(peersMutex);
  const auto found = peers.find(peer);
  if (found == peers.end()) return 0;
  const size_t waiting = outputs[static_cast<size_t>(found->second)];
  return peerOf(found->second) == peer ? waiting + inSocket(found->second) : 0;  // the connection may be gone
}

}  // namespace pvaflow::transport

#else

namespace pvaflow::transport {

void countOutput(bufferevent*) {}
size_t unsentBytes(const std::string&) { return 0; }

}  // namespace pvaflow::transport
#endif
