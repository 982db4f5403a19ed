#pragma once
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "distributor-request.h"
#include "subscriber.h"

namespace pvaflow {

/** An update on its way to the clients of a distributor. */
struct DistributedUpdate {
  const Frame frame;
  /** The number of the first of the updates up to this one that all marked the same fields. */
  uint64_t uniformSince;
  /** The complete value of the channel as this update left it. */
  const std::function<Frame()>& complete;
};

/** What became of the frames that a client of a distributor still had to get when it left. */
struct Handover {
  size_t handedOver = 0;  // given to the clients that have the next turn
  size_t abandoned = 0;   // there was no other client
};

/**
 * The clients of one channel that share its updates under one name. Sets take turns; in a set the clients take turns
 * (mode one) or get the same (mode all). A turn is so many sequential updates. First come, first served.
 *
 * Not every update is one of these. One that leaves the trigger as it was is a part of the one before, and goes to the same
 * clients. One that brings nothing but an alarm says how the channel is, and goes to all.
 *
 * An update brings the fields that changed. A client misses the updates of others, so it gets the complete value instead
 * where those may have marked other fields than its own.
 *
 * Not synchronised: the lock of the channel covers it.
 */
class DistributorGroup {
 public:
  using Client = std::shared_ptr<Subscriber>;

  struct MemberReport {
    std::string id;
    std::string peer;
    uint64_t given;
    bool hasTurn;
  };
  struct SetReport {
    std::string name;
    std::string trigger;
    uint64_t updates;
    DistributorRequest::Mode mode;
    uint64_t given;
    std::vector<MemberReport> members;
  };

  /** `known` is the number of the last update that the value sent to the client at first has in it. */
  void join(const Client& client, const DistributorRequest& request, uint64_t known);
  /** The client is in it: it leaves, and what it did not get goes to those that come next. */
  Handover leave(const Client& client);
  void offer(const DistributedUpdate& update);

  bool empty() const { return sets_.empty(); }
  /** True if a waiting source has to wait for a client that gets the next update, or got the last. */
  bool isFull() const;
  /** True if a source that waits may go on as far as these clients are concerned. */
  bool isRoomy() const;
  std::vector<SetReport> report() const;

 private:
  struct Member {
    Client client;
    std::string id;
    uint64_t known;  // number of the last update that it got or knows
    uint64_t given = 0;
  };
  struct Set {
    DistributorRequest as;  // as its first client asked
    std::list<Member> members;
    std::list<Member>::iterator turn;
    uint64_t ofTurn = 0;  // updates of this turn that are given
    uint64_t given = 0;
  };
  using Sets = std::list<Set>;
  /** What an update is: one of those that are distributed, a part of the last of these, or news of the channel. */
  enum class Kind { frame, part, state };

  Sets::iterator setOf(const DistributorRequest& request);
  void remove(Sets::iterator set, std::list<Member>::iterator member);
  void removeSet(Sets::iterator set);
  Kind kindOf(const pvxs::Value& update) const;
  bool leavesTrigger(const pvxs::Value& update) const;
  void nextTurn(const pvxs::Value& update);
  void giveToAll(const Frame& news);
  void give(Member& member, const DistributedUpdate& update);
  Handover handOver(std::vector<Frame>&& frames);
  bool anyConcerned(bool (Subscriber::*test)() const) const;

  Sets sets_;
  Sets::iterator turn_ = sets_.end();
  std::vector<Member*> recipients_;  // of the last frame
  Kind last_ = Kind::frame;
  std::string trigger_;  // the field by which parts of the last frame are told; empty: value, id and time
  std::string triggerValue_;
};

/** The distributor of one channel: groups of clients that know nothing of each other. Covered by the channel's lock. */
class Distributor {
 public:
  using Client = DistributorGroup::Client;
  struct GroupReport {
    std::string name;
    std::vector<DistributorGroup::SetReport> sets;
  };

  void join(const Client& client, const DistributorRequest& request, uint64_t known);
  /** A group goes with its last client. */
  Handover leave(const Client& client, const DistributorRequest& request);
  void offer(const DistributedUpdate& update);
  void clear() { groups_.clear(); }
  bool empty() const { return groups_.empty(); }
  bool isFull() const;
  bool isRoomy() const;
  std::vector<GroupReport> report() const;

 private:
  std::map<std::string, DistributorGroup> groups_;
};

}  // namespace pvaflow
