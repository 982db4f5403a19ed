#pragma once
#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>

namespace pvaflow::stream {

/** The connection is not there, or no more. */
struct Lost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/** Somebody called halt(). */
struct Halted {};

/**
 * A TCP connection that one thread reads by waiting for it. send() and halt() may be called from any thread.
 *
 * `onIdle` is called on the reading thread about every second while it waits, also for what is left of a large message that comes
 * slowly; `heard` tells whether anything has come since the last call.
 */
class Socket {
 public:
  /** `peer` is an address and a port: `127.0.0.1:5075`, `[::1]:5075`. Throws Lost, Halted. */
  Socket(const std::string& peer, const std::atomic<bool>& halted);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /** At least `least` bytes and at most `most`. Large amounts are waited for as a whole. Throws Lost, Halted. */
  size_t receive(char* to, size_t least, size_t most);

  /** Never waits: what the connection does not take is sent with the next call, or when the reader is idle. */
  void send(const std::string& bytes);

  /** The other end is on this machine. */
  bool isLocal() const;

  /** Ends the connection: who reads gets Halted if that was asked for, else Lost. */
  void shutdown();

  std::function<void(bool heard)> onIdle;

 private:
  void connect(const std::string& peer);
  void awaitConnection();
  void await(size_t bytes);
  void flush();
  void idle();

  const std::atomic<bool>& halted_;
  int socket_ = -1;
  int mark_ = 1;  // the socket's SO_RCVLOWAT
  bool heard_ = false;
  std::mutex sending_;
  std::string unsent_;
};

}  // namespace pvaflow::stream
