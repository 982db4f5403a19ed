#include "watch.h"

#include <sstream>

namespace pvaflow {

namespace {

/** The server of a channel that has just been connected. PVXS' own thread: elsewhere the report would wait for it. */
std::string peerOf(const pvxs::client::Context& context, const std::string& name) {
  for (const auto& connection : context.report(false).connections) {
    for (const auto& channel : connection.channels) {
      if (channel.name == name) return connection.peer;
    }
  }
  return "";
}

}  // namespace

std::shared_ptr<pvxs::client::Connect> watchChannel(pvxs::client::Context& context, const std::string& name,
                                                    std::function<void(const std::string& peer)> onPeer,
                                                    const std::string& server) {
  const auto* known = &context;  // outlives every callback of PVXS
  return context.connect(name)
      .server(server)
      .syncCancel(false)
      .onConnect([onPeer, known, name] { onPeer(peerOf(*known, name)); })
      .onDisconnect([onPeer] { onPeer(""); })
      .exec();
}

Connection::Connection(const std::shared_ptr<Dispatcher>& dispatcher, OnChange onChange)
    : dispatcher_(dispatcher), onChange_(std::move(onChange)) {}

void Connection::open(pvxs::client::Context& context, const std::string& name, const std::string& server) {
  const auto tell = [weak = weak_from_this(), dispatcher = dispatcher_](const std::string& peer) {
    dispatcher->post([weak, peer](Napi::Env env) {
      if (const auto self = weak.lock()) self->onChange(env, peer);
    });
  };
  handle_ = watchChannel(context, name, tell, server);
}

void Connection::onChange(Napi::Env env, const std::string& peer) {
  if (handle_) onChange_(peer.empty() ? env.Undefined() : Napi::String::New(env, peer).As<Napi::Value>());
}

void Connection::close() { handle_.reset(); }

Discovery::Discovery(const std::shared_ptr<Dispatcher>& dispatcher, const Napi::Function& onServer)
    : dispatcher_(dispatcher), onServer_(Napi::Persistent(onServer)) {}

void Discovery::open(pvxs::client::Context& context) {
  auto tell = [weak = weak_from_this(), dispatcher = dispatcher_](const pvxs::client::Discovered& found) {
    dispatcher->post([weak, found](Napi::Env env) {
      if (const auto self = weak.lock()) self->onServer(env, found);
    });
  };
  handle_ = context.discover(tell).pingAll(true).syncCancel(false).exec();
}

void Discovery::onServer(Napi::Env env, const pvxs::client::Discovered& found) {
  if (!handle_) return;
  std::ostringstream guid;
  guid << found.guid;
  Napi::Object server = Napi::Object::New(env);
  server.Set("online", found.event == pvxs::client::Discovered::Online);
  server.Set("protocol", found.proto);
  server.Set("server", found.server);
  server.Set("guid", guid.str());
  onServer_.Call({server});
}

void Discovery::close() { handle_.reset(); }

}  // namespace pvaflow
