#include "channel.h"

#include "ca/context.h"

namespace pvaflow::ca {

ClientFailure failureOf(int status) {
  if (status == ECA_DISCONN || status == ECA_DISCONNCHID) return {"PVAFLOW_DISCONNECTED", "the connection to the server was lost"};
  return {"PVAFLOW_REMOTE", ca_message(status)};
}

void Channel::create() {
  const int status = ca_create_channel(name_.c_str(), onConnection, this, CA_PRIORITY_DEFAULT, &id_);
  if (status == ECA_NORMAL) return;
  id_ = nullptr;
  refuse({"PVAFLOW_CLIENT", ca_message(status)});
}

void Channel::retire() {
  retired_ = true;
  beforeEnd();
}

void Channel::clear() {
  retire();
  if (id_) ca_clear_channel(id_);
  id_ = nullptr;
}

std::string Channel::server() const {
  char server[128] = "";
  ca_get_host_name(id_, server, sizeof server);
  return server;
}

void Channel::later(std::function<void()> call) {
  context_.later([weak = weak_from_this(), call = std::move(call)] {
    const auto self = weak.lock();
    if (self && !self->retired_) call();
  });
}

void Channel::log(const char* level, const std::string& text) { context_.log(level, text); }

void Channel::onConnection(connection_handler_args arguments) {
  auto* self = static_cast<Channel*>(ca_puser(arguments.chid));
  if (self->retired_) return;
  if (arguments.op != CA_OP_CONN_UP) return self->onDown();
  char peer[128] = "";
  ca_get_host_name(arguments.chid, peer, sizeof peer);
  self->onUp(peer);
}

}  // namespace pvaflow::ca
