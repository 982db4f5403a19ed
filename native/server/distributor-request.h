#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace pvaflow {

/**
 * What a client asks of the data distributor of a channel, in the words of pvaPy
 * (https://github.com/epics-base/pvaPy, documentation/dataDistributorPlugin.md):
 * `_[pydistributor=group:G;set:S;trigger:T;updates:U;mode:M]`. Names of parameters in any case; unknown ones mean nothing
 * here. One is ours: `id:I` names the client in the statistics.
 */
struct DistributorRequest {
  enum class Mode { one, all };

  std::string group = "default";
  std::string set = "default";
  std::string trigger;  // empty: value, id and time
  uint64_t updates = 1;
  Mode mode = Mode::one;
  std::string id;
};

/**
 * Reads the options of the pseudo field `_`. Nothing if none is called `pydistributor` or `distributor`. Throws
 * std::invalid_argument saying which parameter is wrong.
 */
std::optional<DistributorRequest> distributorRequest(const std::map<std::string, std::string>& options);

}  // namespace pvaflow
