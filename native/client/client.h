#pragma once
#include <napi.h>

#include <map>
#include <memory>
#include <string>

#include "client-context.h"
#include "watch.h"
#include "operation.h"

namespace pvaflow {

/**
 * JavaScript class `Client`: starts operations, connections and monitors on one PVXS context. See NativeClient in
 * src/pva/native-client.ts for the meaning of its methods.
 *
 * While an operation, a connection or a discovery is open, the object and the process are kept alive; of an rpc in the
 * background the object alone.
 */
class Client : public Napi::ObjectWrap<Client>, public ClientChild {
 public:
  static Napi::Function define(Napi::Env env);

  explicit Client(const Napi::CallbackInfo& info);
  ~Client() override;

  void onClientClosed(Napi::Env env) override;

 private:
  using Start = std::function<void(Operation&, pvxs::client::Context&)>;
  enum class Hold { process, object };

  Napi::Value get(const Napi::CallbackInfo& info);
  Napi::Value info(const Napi::CallbackInfo& info);
  Napi::Value put(const Napi::CallbackInfo& info);
  Napi::Value rpc(const Napi::CallbackInfo& info);
  Napi::Value connect(const Napi::CallbackInfo& info);
  Napi::Value discover(const Napi::CallbackInfo& info);
  Napi::Value monitor(const Napi::CallbackInfo& info);
  Napi::Value cancel(const Napi::CallbackInfo& info);
  Napi::Value config(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  Napi::Value isClosed(const Napi::CallbackInfo& info);

  void mustBeOpen(Napi::Env env) const;
  Napi::Value start(Napi::Env env, const Napi::Value& done, const Start& begin, Hold how = Hold::process);
  Napi::Value keep(Napi::Env env, const std::shared_ptr<Watch>& watch);
  void closeWatch(uint32_t id);
  void hold(Hold how = Hold::process);
  void letGo(Hold how = Hold::process);

  std::shared_ptr<ClientContext> context_;
  uint32_t nextId_ = 1;
  std::map<uint32_t, std::shared_ptr<Operation>> operations_;
  std::map<uint32_t, std::shared_ptr<Watch>> watches_;
};

}  // namespace pvaflow
