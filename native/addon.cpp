#include "addon.h"

#include <pvxs/log.h>

#include <mutex>

#include "ca/ca-client.h"
#include "ca/ca-subscription.h"
#include "server/channel.h"
#include "client/client.h"
#include "codec/binding.h"
#include "errors.h"
#include "image/gather-image.h"
#include "image/kernels.h"
#include "value/attributes.h"
#include "value/image-header.h"
#include "value/image-layout.h"
#include "value/times.h"
#include "server/server.h"
#include "client/subscription.h"
#include "transport/binding.h"
#ifndef _WIN32
#include "ending/end-watch.h"
#include "files/checksum.h"
#include "files/whole-file.h"
#include "sealed/sealing.h"
#endif
#include "value/type.h"
#include "value/value.h"

namespace pvaflow {

namespace {

/** Ends every PVXS thread that could call into this environment. Runs on its JavaScript thread, at its end. */
void closeAll(Addon* addon) {
  const std::set<Closable*> open = addon->open;
  for (Closable* object : open) object->closeNow();
  addon->dispatcher->close();
}

/** What PVXS writes to stderr: nothing of what JavaScript is told anyway, unless the environment variable PVXS_LOG asks. */
void configureLog() {
  static std::once_flag once;
  std::call_once(once, [] {
    pvxs::logger_level_set("pvxs.tcp.io", pvxs::Level::Crit);    // lost connections
    pvxs::logger_level_set("pvxs.tcp.setup", pvxs::Level::Err);  // another port than the one asked for
    pvxs::logger_config_env();
  });
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  configureLog();
  auto* addon = new Addon;
  env.SetInstanceData<Addon>(addon);
  addon->dispatcher = std::make_shared<Dispatcher>(env);
  env.AddCleanupHook(closeAll, addon);
  exports.Set("setErrorClass", Napi::Function::New<setErrorClass>(env));
  exports.Set("Type", Type::define(env));
  exports.Set("Value", Value::define(env));
  exports.Set("transport", transport::define(env));
  exports.Set("readImageHeader", Napi::Function::New<readImageHeader>(env, "readImageHeader"));
  exports.Set("readDimensions", Napi::Function::New<readDimensions>(env, "readDimensions"));
  exports.Set("writeLayout", Napi::Function::New<writeLayout>(env, "writeLayout"));
  exports.Set("gatherImage", Napi::Function::New<image::gatherImage>(env, "gatherImage"));
  exports.Set("joinAttributes", Napi::Function::New<joinAttributes>(env, "joinAttributes"));
  exports.Set("removeAttributes", Napi::Function::New<removeAttributes>(env, "removeAttributes"));
  exports.Set("encodeImage", Napi::Function::New<codec::encodeImage>(env, "encodeImage"));
  exports.Set("decodeImage", Napi::Function::New<codec::decodeImage>(env, "decodeImage"));
  exports.Set("image", image::define(env));
  exports.Set("readTimes", Napi::Function::New<readTimes>(env, "readTimes"));
  exports.Set("Channel", Channel::define(env));
  exports.Set("Server", Server::define(env));
  exports.Set("Client", Client::define(env));
  exports.Set("Subscription", Subscription::define(env));
#ifndef _WIN32
  exports.Set("EndWatch", ending::define(env));
  sealed::define(env, exports);
  exports.Set("writeFile", Napi::Function::New<files::writeFile>(env, "writeFile"));
  exports.Set("checksumOfFile", Napi::Function::New<files::checksumOfFile>(env, "checksumOfFile"));
#endif
  exports.Set("CaClient", ca::CaClient::define(env));
  exports.Set("CaSubscription", ca::CaSubscription::define(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(pvaflow, init)

}  // namespace pvaflow
