#include "connections.h"

#ifdef __linux__
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <list>
#include <mutex>
#include <vector>

#include "libevent.h"

struct evconnlistener;
struct event_base;
struct timeval;

namespace pvaflow::transport {

namespace {

using Accepted = void (*)(evconnlistener*, int socket, sockaddr* peer, int length, void* extra);
using NewListener = evconnlistener*(event_base*, Accepted, void*, unsigned flags, int backlog, int socket);

/** Of the servers that are built: only one is at a time, whichever environment it is for. */
std::mutex building;
Connections::State* builtFor = nullptr;
size_t builtAs = 0;

/** Runs `callback` in the thread of `base`. */
int once(event_base* base, void (*callback)(int, short, void*), void* extra) {
  constexpr short EV_TIMEOUT = 0x01;
  static auto* const original =
      next<int(event_base*, int, short, void (*)(int, short, void*), void*, const timeval*)>("event_base_once");
  return original(base, -1, EV_TIMEOUT, callback, extra, nullptr);
}

}  // namespace

struct Connections::State : std::enable_shared_from_this<State> {
  /** One listener of a server, and how the server wants to be told of a connection. */
  struct Door {
    State* state;
    size_t index;  // the interface
    event_base* base;
    Accepted accepted;
    void* extra;
  };
  /** A connection on its way to the thread of another server. */
  struct Arrival {
    std::weak_ptr<State> state;
    Door door;
    int socket;
    int length;
    sockaddr_storage peer;
  };

  std::mutex mutex;
  bool closed = false;
  std::vector<std::list<Door>> doors;  // of each server; a list: they are pointed at
  std::function<size_t()> choose;

  static void accept(evconnlistener* listener, int socket, sockaddr* peer, int length, void* extra);
  static void arrive(int, short, void* extra);
  const Door* doorOf(size_t server, size_t index) const;
  evconnlistener* listen(NewListener* original, size_t server, const Door& door, unsigned flags, int backlog, int socket);
};

const Connections::State::Door* Connections::State::doorOf(size_t server, size_t index) const {
  for (const Door& door : doors[server]) {
    if (door.index == index) return &door;
  }
  return nullptr;
}

evconnlistener* Connections::State::listen(NewListener* original, size_t server, const Door& door, unsigned flags,
                                           int backlog, int socket) {
  doors[server].push_back(door);
  Door& kept = doors[server].back();
  kept.index = doors[server].size() - 1;
  if (server == 0) return original(door.base, &State::accept, &kept, flags, backlog, socket);
  // A descriptor on which nothing ever comes stands for the socket, which stays bound and does not listen.
  constexpr unsigned closeOnFree = 1u << 1;
  const int silent = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return silent < 0 ? nullptr : original(door.base, door.accepted, door.extra, flags | closeOnFree, 0, silent);
}

/** In the thread of server 0. */
void Connections::State::accept(evconnlistener* listener, int socket, sockaddr* peer, int length, void* extra) {
  const Door& own = *static_cast<Door*>(extra);
  State& state = *own.state;
  const size_t server = state.choose();
  const Door* door = server == 0 ? nullptr : state.doorOf(server, own.index);
  if (!door || length < 0 || static_cast<size_t>(length) > sizeof(sockaddr_storage)) {
    return own.accepted(listener, socket, peer, length, own.extra);
  }
  auto arrival = std::make_unique<Arrival>();
  arrival->state = state.weak_from_this();
  arrival->door = *door;
  arrival->socket = socket;
  arrival->length = length;
  std::memcpy(&arrival->peer, peer, static_cast<size_t>(length));
  if (once(door->base, &State::arrive, arrival.get()) == 0) {
    arrival.release();
  } else {
    own.accepted(listener, socket, peer, length, own.extra);
  }
}

/** In the thread of the server that the connection was given to. Once that is stopped it must get none. */
void Connections::State::arrive(int, short, void* extra) {
  const std::unique_ptr<Arrival> arrival(static_cast<Arrival*>(extra));
  const auto state = arrival->state.lock();
  bool closed = !state;
  if (state) {
    const std::lock_guard<std::mutex> guard(state->mutex);
    closed = state->closed;
  }
  if (closed) {
    ::close(arrival->socket);
    return;
  }
  const Door& door = arrival->door;
  door.accepted(nullptr, arrival->socket, reinterpret_cast<sockaddr*>(&arrival->peer), arrival->length, door.extra);
}

Connections::Connections(size_t servers, std::function<size_t()> choose) : state_(std::make_shared<State>()) {
  state_->doors.resize(servers);
  state_->choose = std::move(choose);
}

Connections::~Connections() = default;

Connections::Scope::Scope() { building.lock(); }

Connections::Scope::Scope(Connections& connections, size_t server) : Scope() {
  builtFor = connections.state_.get();
  builtAs = server;
}

Connections::Scope::~Scope() {
  builtFor = nullptr;
  building.unlock();
}

bool Connections::has(size_t server) const { return !state_->doors[server].empty(); }

void Connections::close() {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  state_->closed = true;
}

}  // namespace pvaflow::transport

PVAFLOW_INTERPOSE evconnlistener* evconnlistener_new(event_base* base, pvaflow::transport::Accepted accepted, void* extra,
                                                     unsigned flags, int backlog, int socket) {
  using namespace pvaflow::transport;
  static auto* const original = next<NewListener>("evconnlistener_new");
  if (!builtFor) return original(base, accepted, extra, flags, backlog, socket);
  return builtFor->listen(original, builtAs, {builtFor, 0, base, accepted, extra}, flags, backlog, socket);
}
#else
namespace pvaflow::transport {

struct Connections::State {};
Connections::Connections(size_t, std::function<size_t()>) {}
Connections::~Connections() = default;
Connections::Scope::Scope() = default;
Connections::Scope::Scope(Connections&, size_t) {}
Connections::Scope::~Scope() = default;
bool Connections::has(size_t) const { return false; }
void Connections::close() {}

}  // namespace pvaflow::transport
#endif
