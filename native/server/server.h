#pragma once
#include <napi.h>
#include <pvxs/server.h>

#include <map>
#include <memory>
#include <string>

#include "addon.h"
#include "channel-source.h"
#include "feeder.h"
#include "server-threads.h"

namespace pvaflow {

class Channel;

/**
 * JavaScript class `Server`: one server with threads, sockets and channels of its own. Configured by EPICS_PVAS_*
 * definitions handed in, never by the environment of the process. It serves from its construction until close(), and
 * neither it nor its channels are collected while it is open.
 */
class Server : public Napi::ObjectWrap<Server>, public Closable {
 public:
  static Napi::Function define(Napi::Env env);

  explicit Server(const Napi::CallbackInfo& info);
  ~Server() override;

  void closeNow() override;

 private:
  Napi::Value addChannel(const Napi::CallbackInfo& info);
  Napi::Value removeChannel(const Napi::CallbackInfo& info);
  Napi::Value channels(const Napi::CallbackInfo& info);
  Napi::Value config(const Napi::CallbackInfo& info);
  Napi::Value port(const Napi::CallbackInfo& info);
  Napi::Value threads(const Napi::CallbackInfo& info);
  Napi::Value connections(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  void ref(const Napi::CallbackInfo& info);
  void unref(const Napi::CallbackInfo& info);

  void mustBeOpen(Napi::Env env) const;
  void hold(bool held);

  std::map<std::string, std::string> definitions_;  // as in effect
  const std::shared_ptr<Channels> served_ = std::make_shared<Channels>();
  std::unique_ptr<ServerThreads> threads_;
  const std::shared_ptr<Feeder> feeder_ = std::make_shared<Feeder>();
  /** Kept alive, with its address: where the environment ends, objects can no longer be unwrapped. */
  struct Kept {
    Napi::ObjectReference object;
    Channel* channel = nullptr;
  };

  std::map<std::string, Kept> channels_;
  uint16_t port_ = 0;
  bool open_ = false;
  bool held_ = false;  // keeps the process alive
};

}  // namespace pvaflow
