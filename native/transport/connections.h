#pragma once
#include <cstddef>
#include <functional>
#include <memory>

namespace pvaflow::transport {

/**
 * Hands the connections that one PVXS server accepts to others, so that several threads serve clients of one port.
 *
 * PVXS has one thread for each server and no way to give it a connection. But it asks libevent for a listener, with a
 * callback for accepted sockets; here that callback is caught, and called for another server in that server's thread. Clients
 * notice nothing: there is one port, whether they find it by search or know it as a name server.
 *
 * Servers are collected by building them in a Scope. Their interfaces must be the same. Server 0 listens; the others
 * are bound to the same port (the system allows it to sockets that do not listen), which they name to clients, and never
 * accept. Linux only: elsewhere has() is never true.
 */
class Connections {
 public:
  /** `choose` says to which server the next connection goes; called in the thread of server 0. */
  Connections(size_t servers, std::function<size_t()> choose);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /** While it exists, servers that are built in this process are number `server` of `connections`; or on their own. */
  class Scope {
   public:
    Scope();
    Scope(Connections& connections, size_t server);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };

  /** True if the listeners of a server that was built were seen: there may be a PVXS whose are not. */
  bool has(size_t server) const;
  /** From now on connections are closed instead of handed over. To be called before any of the servers is stopped. */
  void close();

  struct State;

 private:
  const std::shared_ptr<State> state_;
};

}  // namespace pvaflow::transport
