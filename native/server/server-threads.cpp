#include "server-threads.h"

#include <stdexcept>
#include <string>

namespace pvaflow {

namespace server = pvxs::server;

namespace {

/** How often another port is tried, when a stranger takes it between two of our sockets. */
constexpr int kAttempts = 3;

/** A server that serves what it is handed, and that nobody finds by itself. */
server::Config unannounced(server::Config config) {
  config.udp_port = 0;
  config.auto_beacon = false;
  config.beaconDestinations.clear();
  return config;
}

}  // namespace

ServerThreads::ServerThreads(const server::Config& config, size_t threads, const std::shared_ptr<Channels>& channels) {
  server::Config wanted = config;
  for (int attempt = 1; !build(wanted, threads); attempt++) {
    if (attempt == kAttempts) throw std::runtime_error("cannot listen on port " + std::to_string(wanted.tcp_port));
    wanted.tcp_port = 0;
  }
  for (size_t thread = 0; thread < servers_.size(); thread++) {
    servers_[thread].addSource("pvaflow", std::make_shared<ChannelSource>(channels, seats_, thread));
  }
}

/** The listening server comes last: once one socket listens on a port, the system lets no other be bound to it. */
bool ServerThreads::build(server::Config config, size_t threads) {
  servers_.clear();
  seats_ = std::make_shared<Seats>(threads);
  connections_ = std::make_unique<transport::Connections>(threads, [seats = seats_] { return seats->assign(); });
  std::vector<server::Server> others;
  for (size_t number = 1; number < threads; number++) {
    others.push_back(buildOne(unannounced(config), number));
    if (!connections_->has(number)) {
      others.clear();
      return build(config, 1);
    }
    config.tcp_port = others.back().config().tcp_port;
  }
  servers_.push_back(buildOne(config, 0));
  if (!others.empty() && this->config().tcp_port != config.tcp_port) return false;
  for (server::Server& other : others) {
    // PVXS names a server by its id, drawn at random; to clients all of these are one. The configuration is the server's own.
    const_cast<server::Config&>(other.config()).guid = this->config().guid;
    servers_.push_back(std::move(other));
  }
  return true;
}

server::Server ServerThreads::buildOne(const server::Config& config, size_t number) {
  const transport::Connections::Scope scope(*connections_, number);
  return config.build();
}

void ServerThreads::start() {
  for (auto each = servers_.rbegin(); each != servers_.rend(); ++each) each->start();
}

void ServerThreads::stop() {
  connections_->close();
  for (server::Server& each : servers_) each.stop();
}

std::vector<pvxs::impl::Report> ServerThreads::report() const {
  std::vector<pvxs::impl::Report> reports;
  for (const server::Server& each : servers_) reports.push_back(each.report(false));
  return reports;
}

}  // namespace pvaflow
