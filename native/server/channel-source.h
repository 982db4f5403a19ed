#pragma once
#include <pvxs/source.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "served-channel.h"

namespace pvaflow {

/** The channels of one server by name, as the threads of PVXS ask for them. */
class ChannelSource : public pvxs::server::Source {
 public:
  /** Any thread. False if the name is taken. */
  bool add(std::shared_ptr<ServedChannel> channel);
  void remove(const std::string& name);
  std::vector<std::string> names() const;

  void onSearch(Search& search) override;
  void onCreate(std::unique_ptr<pvxs::server::ChannelControl>&& control) override;
  List onList() override;

 private:
  std::shared_ptr<ServedChannel> find(const std::string& name) const;

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<ServedChannel>> channels_;
};

}  // namespace pvaflow
