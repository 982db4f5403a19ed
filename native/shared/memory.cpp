#include "memory.h"

#ifdef __linux__
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace pvaflow::shared {

namespace {

constexpr char kName[] = "pvaflow-frames";
constexpr char kLink[] = "/memfd:pvaflow-frames";  // what the system makes of the name
constexpr uint32_t kLayout = 2;
constexpr size_t kHeader = 8192;
constexpr size_t kSize = kHeader + Memory::kBytes;
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;  // nobody can take mapped pages away

std::string hex(const Token& token) {
  std::string text;
  char two[3];
  for (const uint8_t byte : token) std::snprintf(two, sizeof two, "%02x", byte), text += two;
  return text;
}

/** A file of that name in that process is no other kind of file: to open it has no effect on anybody. */
bool isMemory(const std::string& path) {
  char link[sizeof kLink] = {};
  return ::readlink(path.c_str(), link, sizeof link - 1) > 0 && std::strcmp(link, kLink) == 0;
}

}  // namespace

struct Memory::Header {
  uint32_t layout;
  Token token;
  std::atomic<uint32_t> slots[kSlots];
};
static_assert(std::atomic<uint32_t>::is_always_lock_free);

std::shared_ptr<Memory> Memory::map(int file) {
  static_assert(sizeof(Header) <= kHeader);
  void* const mapped = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
  if (mapped == MAP_FAILED) return ::close(file), nullptr;
  return std::shared_ptr<Memory>(new Memory(file, mapped));
}

std::shared_ptr<Memory> Memory::create() {
  const int file = ::memfd_create(kName, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return nullptr;
  if (::ftruncate(file, static_cast<off_t>(kSize)) != 0 || ::fcntl(file, F_ADD_SEALS, kSeals) != 0) return ::close(file), nullptr;
  auto memory = map(file);
  if (!memory) return nullptr;
  Header& header = *memory->header_;
  if (::getrandom(header.token.data(), header.token.size(), 0) != static_cast<ssize_t>(header.token.size())) return nullptr;
  header.layout = kLayout;
  return memory;
}

std::string Memory::address() const {
  return std::to_string(::getpid()) + ':' + std::to_string(file_) + ':' + hex(header_->token);
}

std::shared_ptr<Memory> Memory::open(const std::string& address) {
  int process = 0, number = 0, end = 0;
  if (std::sscanf(address.c_str(), "%d:%d:%n", &process, &number, &end) != 2 || end == 0) return nullptr;
  const std::string path = "/proc/" + std::to_string(process) + "/fd/" + std::to_string(number);
  if (!isMemory(path)) return nullptr;
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return nullptr;
  struct stat status;
  const int seals = ::fcntl(file, F_GET_SEALS);
  const bool isWhole = ::fstat(file, &status) == 0 && static_cast<size_t>(status.st_size) == kSize;
  if (!isWhole || seals < 0 || (seals & kSeals) != kSeals) return ::close(file), nullptr;
  auto memory = map(file);
  if (!memory || memory->header_->layout != kLayout || hex(memory->header_->token) != address.substr(static_cast<size_t>(end)))
    return nullptr;
  return memory;
}

Memory::~Memory() {
  ::munmap(header_, kSize);
  ::close(file_);
}

const Token& Memory::token() const { return header_->token; }
char* Memory::bytes() const { return reinterpret_cast<char*>(header_) + kHeader; }
std::atomic<uint32_t>& Memory::slot(size_t index) const { return header_->slots[index]; }
bool Memory::reserve(size_t offset, size_t length) const {
  const auto allocate = [&] { return ::fallocate(file_, 0, static_cast<off_t>(kHeader + offset), static_cast<off_t>(length)) == 0; };
  bool done = allocate();
  while (!done && errno == EINTR) done = allocate();
  return done;
}
void Memory::forget(size_t offset, size_t length) const { ::madvise(bytes() + offset, length, MADV_REMOVE); }

}  // namespace pvaflow::shared

#else

#include <cstdlib>

namespace pvaflow::shared {

struct Memory::Header {};
std::shared_ptr<Memory> Memory::create() { return nullptr; }
std::shared_ptr<Memory> Memory::open(const std::string&) { return nullptr; }
Memory::~Memory() = default;
// nobody has one
std::string Memory::address() const { std::abort(); }
const Token& Memory::token() const { std::abort(); }
char* Memory::bytes() const { std::abort(); }
std::atomic<uint32_t>& Memory::slot(size_t) const { std::abort(); }
bool Memory::reserve(size_t, size_t) const { return false; }
void Memory::forget(size_t, size_t) const {}

}  // namespace pvaflow::shared
#endif
