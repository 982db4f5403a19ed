#pragma once
#include <pvxs/server.h>

#include <memory>
#include <vector>

#include "channel-source.h"
#include "seats.h"
#include "transport/connections.h"

namespace pvaflow {

/**
 * One server to its clients, with as many threads as wanted: each is a PVXS server for a part of the connections, and all
 * serve the same channels. JavaScript thread only.
 */
class ServerThreads {
 public:
  /** Binds the sockets. Throws when it cannot listen there. Where connections cannot be handed over there is one thread. */
  ServerThreads(const pvxs::server::Config& config, size_t threads, const std::shared_ptr<Channels>& channels);
  ~ServerThreads() { stop(); }
  ServerThreads(const ServerThreads&) = delete;
  ServerThreads& operator=(const ServerThreads&) = delete;

  void start();
  /** Disconnects all clients. Idempotent. */
  void stop();

  /** As in effect. */
  const pvxs::server::Config& config() const { return servers_.front().config(); }
  size_t size() const { return servers_.size(); }
  /** Of each thread. */
  std::vector<pvxs::impl::Report> report() const;

 private:
  bool build(pvxs::server::Config config, size_t threads);
  pvxs::server::Server buildOne(const pvxs::server::Config& config, size_t number);

  std::shared_ptr<Seats> seats_;
  std::unique_ptr<transport::Connections> connections_;
  std::vector<pvxs::server::Server> servers_;  // the first is the one that listens
};

}  // namespace pvaflow
