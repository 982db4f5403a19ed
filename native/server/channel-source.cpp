#include "channel-source.h"

namespace pvaflow {

bool ChannelSource::add(std::shared_ptr<ServedChannel> channel) {
  std::lock_guard<std::mutex> guard(mutex_);
  return channels_.emplace(channel->name(), channel).second;
}

void ChannelSource::remove(const std::string& name) {
  std::lock_guard<std::mutex> guard(mutex_);
  channels_.erase(name);
}

std::vector<std::string> ChannelSource::names() const {
  std::lock_guard<std::mutex> guard(mutex_);
  std::vector<std::string> names;
  for (const auto& entry : channels_) names.push_back(entry.first);
  return names;
}

std::shared_ptr<ServedChannel> ChannelSource::find(const std::string& name) const {
  std::lock_guard<std::mutex> guard(mutex_);
  const auto found = channels_.find(name);
  return found == channels_.end() ? nullptr : found->second;
}

void ChannelSource::onSearch(Search& search) {
  for (auto& sought : search) {
    const auto channel = find(sought.name());
    if (channel && channel->claims()) sought.claim();
  }
}

void ChannelSource::onCreate(std::unique_ptr<pvxs::server::ChannelControl>&& control) {
  const auto channel = find(control->name());
  if (channel && channel->claims()) channel->attach(std::move(control));
}

ChannelSource::List ChannelSource::onList() {
  auto list = std::make_shared<std::set<std::string>>();
  std::lock_guard<std::mutex> guard(mutex_);
  for (const auto& entry : channels_) {
    if (entry.second->claims()) list->insert(entry.first);
  }
  return List(std::shared_ptr<const std::set<std::string>>(std::move(list)), true);
}

}  // namespace pvaflow
