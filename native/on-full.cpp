#include "on-full.h"

#include <string>

namespace pvaflow {

OnFull onFullOf(const Napi::Value& value) {
  const std::string name = value.ToString();
  if (name == "wait") return OnFull::wait;
  if (name == "dropOldest") return OnFull::dropOldest;
  if (name == "dropNewest") return OnFull::dropNewest;
  throw Napi::TypeError::New(value.Env(), "expected wait, dropOldest or dropNewest, found " + name);
}

}  // namespace pvaflow
