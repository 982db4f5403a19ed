#pragma once
#include <pvxs/data.h>

namespace pvaflow::stream {

/** Who this process says it is, for the method `ca`: user and host, as every pvAccess client tells them. */
pvxs::Value credentials();

}  // namespace pvaflow::stream
