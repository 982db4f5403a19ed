#include "distributor.h"

#include <algorithm>

namespace pvaflow {

namespace {

/** The marked values of a field as text, to be compared with those of another update; nothing if it has no text. */
std::optional<std::string> textOf(const pvxs::Value& field) {
  if (field.type() != pvxs::TypeCode::Struct) {
    std::string value;
    if (!field.isMarked(true, false)) return value;
    return field.as(value) ? std::optional<std::string>('=' + value) : std::nullopt;
  }
  std::string text;
  for (const pvxs::Value part : field.imarked()) {
    std::string value;
    if (part.type() == pvxs::TypeCode::Struct) continue;
    if (!part.as(value)) return std::nullopt;
    text += field.nameOf(part) + '=' + value + ';';
  }
  return text;
}

/** True if an update brings nothing but an alarm. */
bool bringsAlarmAlone(const pvxs::Value& update) {
  const pvxs::Value alarm = update["alarm"];
  if (!alarm || !alarm.isMarked(false, true)) return false;
  for (const pvxs::Value field : update.imarked()) {
    const std::string name = update.nameOf(field);
    if (name != "alarm" && name.compare(0, 6, "alarm.") != 0) return false;
  }
  return true;
}

/** True if an update has nothing by which it could be another frame than the one before. */
bool bringsNoFrame(const pvxs::Value& update) {
  if (!update["value"]) return bringsAlarmAlone(update);
  for (const char* name : {"value", "uniqueId", "timeStamp"}) {
    const pvxs::Value field = update[name];
    if (field && field.isMarked(true, true)) return false;
  }
  return true;
}

}  // namespace

void DistributorGroup::join(const Client& client, const DistributorRequest& request, uint64_t known) {
  Set& set = *setOf(request);
  set.members.push_back({client, request.id, known});
  if (set.members.size() == 1) set.turn = set.members.begin();
}

DistributorGroup::Sets::iterator DistributorGroup::setOf(const DistributorRequest& request) {
  const auto found = std::find_if(sets_.begin(), sets_.end(), [&](const Set& set) { return set.as.set == request.set; });
  if (found != sets_.end()) return found;
  sets_.push_back({request, {}, {}});
  if (sets_.size() == 1) turn_ = sets_.begin();
  return std::prev(sets_.end());
}

Handover DistributorGroup::leave(const Client& client) {
  for (auto set = sets_.begin(); set != sets_.end(); ++set) {
    auto& members = set->members;
    const auto member = std::find_if(members.begin(), members.end(), [&](const Member& each) { return each.client == client; });
    if (member == members.end()) continue;
    const bool othersHaveThem = set->as.mode == DistributorRequest::Mode::all && members.size() > 1;
    remove(set, member);
    return othersHaveThem ? Handover() : handOver(client->surrender());
  }
  return {};
}

/** Whoever comes after a client that leaves has a whole turn. */
void DistributorGroup::remove(Sets::iterator set, std::list<Member>::iterator member) {
  recipients_.erase(std::remove(recipients_.begin(), recipients_.end(), &*member), recipients_.end());
  const bool hadTurn = set->turn == member;
  const auto next = set->members.erase(member);
  if (set->members.empty()) return removeSet(set);
  if (!hadTurn) return;
  set->turn = next == set->members.end() ? set->members.begin() : next;
  if (set->as.mode == DistributorRequest::Mode::one) set->ofTurn = 0;
}

void DistributorGroup::removeSet(Sets::iterator set) {
  const bool hadTurn = turn_ == set;
  const auto next = sets_.erase(set);
  if (hadTurn) turn_ = next == sets_.end() ? sets_.begin() : next;
}

/** They come late, among what the next has to get: in the order in which they were posted. All know already how the channel is. */
Handover DistributorGroup::handOver(std::vector<Frame>&& frames) {
  frames.erase(std::remove_if(frames.begin(), frames.end(), [](const Frame& frame) { return frame.state; }), frames.end());
  if (frames.empty()) return {};
  if (empty()) return {0, frames.size()};
  for (Frame& frame : frames) complete(frame);
  const auto adopt = [&](Member& member) {
    member.known = std::min(member.known, frames.front().number);  // what it gets next shall not rest on older values
    member.given += frames.size();
    member.client->adopt(frames);
  };
  if (turn_->as.mode == DistributorRequest::Mode::one) {
    adopt(*turn_->turn);
  } else {
    for (Member& member : turn_->members) adopt(member);
  }
  turn_->given += frames.size();
  return {frames.size(), 0};
}

void DistributorGroup::offer(const DistributedUpdate& update) {
  last_ = kindOf(update.frame.value);
  if (last_ == Kind::state) return giveToAll(update.frame);
  if (last_ == Kind::frame) nextTurn(update.frame.value);
  for (Member* member : recipients_) give(*member, update);
}

DistributorGroup::Kind DistributorGroup::kindOf(const pvxs::Value& update) const {
  if (!leavesTrigger(update)) return Kind::frame;
  if (bringsAlarmAlone(update)) return Kind::state;
  return recipients_.empty() ? Kind::frame : Kind::part;
}

bool DistributorGroup::leavesTrigger(const pvxs::Value& update) const {
  if (trigger_.empty()) return bringsNoFrame(update);
  const pvxs::Value field = update[trigger_];
  if (!field) return false;
  const auto value = textOf(field);
  return value && (value->empty() || *value == triggerValue_);
}

/** It takes no turn, and whoever misses frames of others has their fields from no other update than the next of its own. */
void DistributorGroup::giveToAll(const Frame& news) {
  Frame frame = news;
  frame.state = true;
  for (Set& set : sets_) {
    for (Member& member : set.members) {
      member.client->offer(frame);
      if (member.known + 1 == frame.number) member.known = frame.number;
    }
  }
}

void DistributorGroup::nextTurn(const pvxs::Value& update) {
  Set& set = *turn_;
  trigger_ = set.as.trigger;
  const pvxs::Value field = trigger_.empty() ? pvxs::Value() : update[trigger_];
  if (field) triggerValue_ = textOf(field).value_or("");
  recipients_.clear();
  if (set.as.mode == DistributorRequest::Mode::one) {
    recipients_.push_back(&*set.turn);
  } else {
    for (Member& member : set.members) recipients_.push_back(&member);
  }
  set.given++;
  if (++set.ofTurn < set.as.updates) return;
  set.ofTurn = 0;
  if (++set.turn == set.members.end()) set.turn = set.members.begin();
  if (++turn_ == sets_.end()) turn_ = sets_.begin();
}

void DistributorGroup::give(Member& member, const DistributedUpdate& update) {
  const bool uniform = update.uniformSince <= member.known + 1;
  member.client->offer(uniform ? update.frame : update.complete());
  member.known = update.frame.number;
  member.given++;
}

/** Also those that got the last update, where that took no turn of its own: else they could get any number of them. */
bool DistributorGroup::anyConcerned(bool (Subscriber::*test)() const) const {
  const auto fits = [&](const Member& member) { return (member.client.get()->*test)(); };
  const auto anyOf = [&](const Set& set) { return std::any_of(set.members.begin(), set.members.end(), fits); };
  if (last_ == Kind::state) return std::any_of(sets_.begin(), sets_.end(), anyOf);
  if (last_ == Kind::part || !trigger_.empty()) {
    for (const Member* member : recipients_) {
      if (fits(*member)) return true;
    }
  }
  return turn_->as.mode == DistributorRequest::Mode::one ? fits(*turn_->turn) : anyOf(*turn_);
}

bool DistributorGroup::isFull() const { return anyConcerned(&Subscriber::isFull); }

bool DistributorGroup::isRoomy() const { return !anyConcerned(&Subscriber::isCramped); }

std::vector<DistributorGroup::SetReport> DistributorGroup::report() const {
  std::vector<SetReport> reports;
  for (const Set& set : sets_) {
    SetReport report{set.as.set, set.as.trigger, set.as.updates, set.as.mode, set.given, {}};
    const bool all = set.as.mode == DistributorRequest::Mode::all;
    for (const Member& member : set.members) {
      const bool hasTurn = &set == &*turn_ && (all || &member == &*set.turn);
      report.members.push_back({member.id, member.client->control().peerName(), member.given, hasTurn});
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

void Distributor::join(const Client& client, const DistributorRequest& request, uint64_t known) {
  groups_[request.group].join(client, request, known);
}

Handover Distributor::leave(const Client& client, const DistributorRequest& request) {
  const auto group = groups_.find(request.group);
  if (group == groups_.end()) return {};
  const Handover handover = group->second.leave(client);
  if (group->second.empty()) groups_.erase(group);
  return handover;
}

void Distributor::offer(const DistributedUpdate& update) {
  for (auto& group : groups_) group.second.offer(update);
}

bool Distributor::isFull() const {
  return std::any_of(groups_.begin(), groups_.end(), [](const auto& group) { return group.second.isFull(); });
}

bool Distributor::isRoomy() const {
  return std::all_of(groups_.begin(), groups_.end(), [](const auto& group) { return group.second.isRoomy(); });
}

std::vector<Distributor::GroupReport> Distributor::report() const {
  std::vector<GroupReport> reports;
  for (const auto& group : groups_) reports.push_back({group.first, group.second.report()});
  return reports;
}

}  // namespace pvaflow
