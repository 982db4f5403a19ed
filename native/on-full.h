#pragma once
#include <napi.h>

namespace pvaflow {

/** What happens to an update that finds a queue full. */
enum class OnFull { wait, dropOldest, dropNewest };

/** From its name; throws TypeError when it is none. */
OnFull onFullOf(const Napi::Value& name);

}  // namespace pvaflow
