#pragma once
#include <napi.h>

#include <atomic>
#include <memory>

#include "client-context.h"
#include "feed.h"
#include "watch.h"

namespace pvaflow {

/**
 * JavaScript class `Subscription`: takes what a Feed has received once open() has sent the request.
 *
 * Before that, connect() has its property `onPeer` called with the server's address when the channel is connected, and with
 * undefined when it is lost: what is asked for may depend on the server.
 *
 * Its property `onReadable` is called when there is something to take; then no more until take() returned fewer entries
 * than it was asked for. Nothing but JavaScript's own references keeps it: one that is dropped is closed by the garbage
 * collector. With hold() it is kept, and keeps the process alive, until letGo() or close().
 */
class Subscription : public Napi::ObjectWrap<Subscription>, public ClientChild {
 public:
  static Napi::Function define(Napi::Env env);

  /** `options` as NativeMonitorOptions in src/pva/native-client.ts. */
  static Napi::Object make(Napi::Env env, const std::shared_ptr<ClientContext>& client, const std::string& name,
                           const Napi::Object& options);

  explicit Subscription(const Napi::CallbackInfo& info);
  ~Subscription() override;

  void onClientClosed(Napi::Env env) override;

 private:
  struct Handle {
    Subscription* subscription;
  };

  void prepare(const std::shared_ptr<ClientContext>& client, const std::string& name, const Napi::Object& options);
  void call(const char* property, const std::vector<napi_value>& arguments);
  void onWake(Napi::Env env);
  void end();
  void stopConnecting();

  void connect(const Napi::CallbackInfo& info);
  void open(const Napi::CallbackInfo& info);
  Napi::Value take(const Napi::CallbackInfo& info);
  void pause(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  void hold(const Napi::CallbackInfo& info);
  void letGo(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value asks(const Napi::CallbackInfo& info);
  Napi::Value isClosed(const Napi::CallbackInfo& info);
  Napi::Value isPaused(const Napi::CallbackInfo& info);

  std::shared_ptr<ClientContext> client_;
  std::shared_ptr<Handle> handle_;  // what wake-ups know, weakly
  std::shared_ptr<Feed> feed_;
  std::string name_;
  std::shared_ptr<Connection> connection_;  // from connect() to open()
  // From open() on: whether a server has the channel, also while it accepts no monitor, because the channel has no type yet.
  std::shared_ptr<std::atomic<bool>> found_ = std::make_shared<std::atomic<bool>>(false);  // PVXS' thread sets it
  std::shared_ptr<pvxs::client::Connect> search_;
  std::vector<StreamEntry> taken_;
  bool held_ = false;
};

}  // namespace pvaflow
