#pragma once
#include <napi.h>

#include <map>
#include <memory>
#include <string>

#include "ca/context.h"
#include "ca/request.h"

namespace pvaflow::ca {

/**
 * JavaScript class `CaClient`: requests and monitors on one context of libca. See NativeCaClient in src/pva/native-ca.ts.
 *
 * While a request is under way, the object and the process are kept alive.
 */
class CaClient : public Napi::ObjectWrap<CaClient>, public ClientChild {
 public:
  static Napi::Function define(Napi::Env env);

  explicit CaClient(const Napi::CallbackInfo& info);
  ~CaClient() override;

  void onClientClosed(Napi::Env env) override;

 private:
  struct Pending {
    std::shared_ptr<Request> request;
    Napi::FunctionReference done;
  };
  using Make = std::function<std::shared_ptr<Request>(Request::Done)>;

  Napi::Value get(const Napi::CallbackInfo& info);
  Napi::Value info(const Napi::CallbackInfo& info);
  Napi::Value put(const Napi::CallbackInfo& info);
  Napi::Value monitor(const Napi::CallbackInfo& info);
  Napi::Value cancel(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  Napi::Value isClosed(const Napi::CallbackInfo& info);

  void mustBeOpen(Napi::Env env) const;
  Napi::Value start(Napi::Env env, const Napi::Value& done, const Make& make);
  void settle(Napi::Env env, uint32_t id, Outcome& outcome);
  Napi::FunctionReference forget(uint32_t id);

  std::shared_ptr<Context> context_;
  std::shared_ptr<CaClient*> self_;  // what completions on their way know: gone when the object is
  uint32_t nextId_ = 1;
  std::map<uint32_t, Pending> pending_;
};

}  // namespace pvaflow::ca
