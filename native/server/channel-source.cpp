#include "channel-source.h"

namespace pvaflow {

bool Channels::add(std::shared_ptr<ServedChannel> channel) {
  std::lock_guard<std::mutex> guard(mutex_);
  return channels_.emplace(channel->name(), channel).second;
}

void Channels::remove(const std::string& name) {
  std::lock_guard<std::mutex> guard(mutex_);
  channels_.erase(name);
}

std::vector<std::string> Channels::names() const {
  std::lock_guard<std::mutex> guard(mutex_);
  std::vector<std::string> names;
  for (const auto& entry : channels_) {
    if (entry.second->claims()) names.push_back(entry.first);
  }
  return names;
}

std::shared_ptr<ServedChannel> Channels::find(const std::string& name) const {
  std::lock_guard<std::mutex> guard(mutex_);
  const auto found = channels_.find(name);
  return found != channels_.end() && found->second->claims() ? found->second : nullptr;
}

void ChannelSource::onSearch(Search& search) {
  for (auto& sought : search) {
    if (channels_->find(sought.name())) sought.claim();
  }
}

void ChannelSource::onCreate(std::unique_ptr<pvxs::server::ChannelControl>&& control) {
  const auto channel = channels_->find(control->name());
  if (channel) channel->attach(std::move(control), {seats_, thread_});
}

ChannelSource::List ChannelSource::onList() {
  const auto names = channels_->names();
  auto list = std::make_shared<const std::set<std::string>>(names.begin(), names.end());
  return List(std::move(list), true);
}

}  // namespace pvaflow
