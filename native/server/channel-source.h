#pragma once
#include <pvxs/source.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "seats.h"
#include "served-channel.h"

namespace pvaflow {

/** The channels of a server by name, as the threads of PVXS ask for them. */
class Channels {
 public:
  /** Any thread. False if the name is taken. */
  bool add(std::shared_ptr<ServedChannel> channel);
  void remove(const std::string& name);
  std::vector<std::string> names() const;
  /** The channel of that name, if it claims it. */
  std::shared_ptr<ServedChannel> find(const std::string& name) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<ServedChannel>> channels_;
};

/** What one thread of a server says of them. */
class ChannelSource : public pvxs::server::Source {
 public:
  ChannelSource(std::shared_ptr<Channels> channels, std::shared_ptr<Seats> seats, size_t thread)
      : channels_(std::move(channels)), seats_(std::move(seats)), thread_(thread) {}

  void onSearch(Search& search) override;
  void onCreate(std::unique_ptr<pvxs::server::ChannelControl>&& control) override;
  List onList() override;

 private:
  const std::shared_ptr<Channels> channels_;
  const std::shared_ptr<Seats> seats_;
  const size_t thread_;
};

}  // namespace pvaflow
