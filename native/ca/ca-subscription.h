#pragma once
#include <napi.h>

#include <memory>
#include <string>
#include <vector>

#include "ca/context.h"
#include "ca/feed.h"

namespace pvaflow::ca {

/** JavaScript class `CaSubscription`: one monitor, made by CaClient.monitor(). See NativeStream in src/pva/native-client.ts. */
class CaSubscription : public Napi::ObjectWrap<CaSubscription>, public ClientChild {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object make(Napi::Env env, const std::shared_ptr<Context>& context, const std::string& name,
                           const Napi::Object& options);

  explicit CaSubscription(const Napi::CallbackInfo& info);
  ~CaSubscription() override;

  void onClientClosed(Napi::Env env) override;

 private:
  /** What the wake-up on its way to the JavaScript thread knows: gone when the object is. */
  struct Handle {
    CaSubscription* subscription;
  };

  Napi::Value take(const Napi::CallbackInfo& info);
  void pause(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  void hold(const Napi::CallbackInfo& info);
  void letGo(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value isClosed(const Napi::CallbackInfo& info);
  Napi::Value isPaused(const Napi::CallbackInfo& info);

  void prepare(const std::shared_ptr<Context>& context, const std::string& name, const Napi::Object& options);
  void onWake();
  void end();
  void stop();

  std::shared_ptr<Context> context_;
  std::shared_ptr<Feed> feed_;
  std::shared_ptr<Handle> handle_;
  std::vector<StreamEntry> taken_;
  bool held_ = false;
};

}  // namespace pvaflow::ca
