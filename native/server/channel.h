#pragma once
#include <napi.h>

#include <memory>

#include "served-channel.h"

namespace pvaflow {

/**
 * JavaScript class `Channel`: one served channel. Made by `Server.addChannel`, which keeps it alive until it is closed.
 * After close() every use but close() and stats() throws PVAFLOW_CHANNEL_CLOSED.
 */
class Channel : public Napi::ObjectWrap<Channel>, public ChannelListener {
 public:
  static Napi::Function define(Napi::Env env);
  /** `callbacks` is an object of functions: see NativeChannelCallbacks in src/pva/native-server.ts. */
  static Napi::Object wrap(Napi::Env env, std::shared_ptr<ServedChannel> served, const Napi::Object& callbacks);
  static Channel& of(const Napi::Object& object) { return *Unwrap(object); }

  explicit Channel(const Napi::CallbackInfo& info);
  ~Channel() override;

  /** Idempotent. No callback comes after it. */
  void closeNow();

  void onPut(Napi::Env env, uint32_t id, pvxs::Value&& value, const Requester& requester) override;
  void onRpc(Napi::Env env, uint32_t id, pvxs::Value&& argument, const Requester& requester) override;
  void onRoom(Napi::Env env) override;
  void onSubscribers(Napi::Env env, size_t count) override;
  void onDeparture(Napi::Env env, const Departure& departure) override;

 private:
  void open(const Napi::CallbackInfo& info);
  Napi::Value create(const Napi::CallbackInfo& info);
  Napi::Value current(const Napi::CallbackInfo& info);
  Napi::Value post(const Napi::CallbackInfo& info);
  Napi::Value postAll(const Napi::CallbackInfo& info);
  Napi::Value postFrames(const Napi::CallbackInfo& info);
  void flush(const Napi::CallbackInfo& info);
  void reply(const Napi::CallbackInfo& info);
  void refuse(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);

  /** The type for the next post; throws when closed, not open, or full. */
  pvxs::Value prototypeForPost(Napi::Env env) const;
  Napi::Value postUpdates(Napi::Env env, std::vector<pvxs::Value>&& updates);
  void mustBeOpen(Napi::Env env) const;
  void call(Napi::Env env, const char* name, const std::vector<napi_value>& arguments);

  std::shared_ptr<ServedChannel> served_;
  Napi::ObjectReference callbacks_;
  bool closed_ = false;
};

}  // namespace pvaflow
