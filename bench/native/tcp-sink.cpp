// The limit: receives what tcp-source sends straight into a pool of buffers, and counts.
//   tcp-sink --server 127.0.0.1:PORT
// Prints `ready` on the first frame, and its counts as one line of JSON for every line on standard input; ends with it.
#include <array>
#include <algorithm>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "counts.h"
#include "options.h"
#include "tcp.h"

namespace {

class Sink {
 public:
  explicit Sink(int socket) : socket_(socket), small_(64 * 1024) {}

  void run() {
    for (FrameHeader header; take(&header, sizeof header);) {
      auto& pixels = pool_[static_cast<size_t>(header.id) % pool_.size()];
      pixels.resize(header.size);
      if (!take(pixels.data(), pixels.size())) return;
      const std::lock_guard<std::mutex> guard(mutex_);
      if (counts_.received == 0) std::puts("ready"), std::fflush(stdout);
      counts_.frame(header.id);
    }
  }

  void print() {
    const std::lock_guard<std::mutex> guard(mutex_);
    counts_.print();
  }

 private:
  /** What is in the small buffer first, then large rests straight to where they belong. */
  bool take(void* to, size_t length) {
    auto* at = static_cast<char*>(to);
    while (length > 0) {
      if (begin_ == end_ && length < small_.size() && !refill()) return false;
      const size_t there = std::min(length, end_ - begin_);
      std::copy_n(small_.data() + begin_, there, at);
      begin_ += there, at += there, length -= there;
      if (begin_ == end_ && length >= small_.size() && !receive(at, length)) return false;
    }
    return true;
  }

  bool refill() {
    waitFor(1);
    const ssize_t count = recv(socket_, small_.data(), small_.size(), 0);
    begin_ = 0;
    end_ = count > 0 ? static_cast<size_t>(count) : 0;
    return count > 0;
  }

  bool receive(char*& at, size_t& length) {
    waitFor(std::min<size_t>(length, 512 * 1024));
    const ssize_t count = recv(socket_, at, length, 0);
    if (count <= 0) return false;
    at += count, length -= static_cast<size_t>(count);
    return true;
  }

  void waitFor(size_t bytes) {
    const int value = static_cast<int>(bytes);
    if (value != mark_) setsockopt(socket_, SOL_SOCKET, SO_RCVLOWAT, &value, sizeof value);
    mark_ = value;
  }

  int socket_;
  int mark_ = 1;
  std::vector<char> small_;
  size_t begin_ = 0, end_ = 0;
  std::array<std::vector<char>, 8> pool_;
  std::mutex mutex_;
  Counts counts_;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options(argc, argv);
  const std::string server = options.text("server", "");
  const auto address = loopback(static_cast<uint16_t>(std::stoi(server.substr(server.rfind(':') + 1))));
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  check(connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "connect");
  Sink sink(connection);
  std::thread receiver([&] { sink.run(); });
  for (std::string line; std::getline(std::cin, line);) sink.print();
  shutdown(connection, SHUT_RDWR);
  receiver.join();
}
