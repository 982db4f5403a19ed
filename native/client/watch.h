#pragma once
#include <napi.h>
#include <pvxs/client.h>

#include <functional>
#include <memory>
#include <string>

#include "dispatcher.h"

namespace pvaflow {

/**
 * Something that tells JavaScript of changes until it is closed. It lives on the JavaScript thread; PVXS' thread knows it
 * by weak pointers alone. The context outlives every callback of PVXS.
 */
class Watch {
 public:
  virtual ~Watch() = default;
  /** Nothing is told any more. Does not wait for PVXS. */
  virtual void close() = 0;
};

/**
 * `onPeer`, on PVXS' thread: the address of the channel's server when it is connected, empty when it is lost. With `server`
 * that one is asked, without a search.
 */
std::shared_ptr<pvxs::client::Connect> watchChannel(pvxs::client::Context& context, const std::string& name,
                                                    std::function<void(const std::string& peer)> onPeer,
                                                    const std::string& server = {});

/** Tells of the peer when a channel is connected, of `undefined` when it is lost. */
class Connection : public Watch, public std::enable_shared_from_this<Connection> {
 public:
  using OnChange = std::function<void(Napi::Value peer)>;

  Connection(const std::shared_ptr<Dispatcher>& dispatcher, OnChange onChange);
  void open(pvxs::client::Context& context, const std::string& name, const std::string& server = {});
  void close() override;

 private:
  void onChange(Napi::Env env, const std::string& peer);

  const std::shared_ptr<Dispatcher> dispatcher_;
  const OnChange onChange_;
  std::shared_ptr<pvxs::client::Connect> handle_;
};

/** `onServer({ online, protocol, server, guid })` for servers that show themselves: all are asked to. */
class Discovery : public Watch, public std::enable_shared_from_this<Discovery> {
 public:
  Discovery(const std::shared_ptr<Dispatcher>& dispatcher, const Napi::Function& onServer);
  void open(pvxs::client::Context& context);
  void close() override;

 private:
  void onServer(Napi::Env env, const pvxs::client::Discovered& found);

  const std::shared_ptr<Dispatcher> dispatcher_;
  Napi::FunctionReference onServer_;
  std::shared_ptr<pvxs::client::Operation> handle_;
};

}  // namespace pvaflow
