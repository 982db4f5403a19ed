#include "credentials.h"

#include <pwd.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace pvaflow::stream {

namespace {

std::string user() {
  std::vector<char> buffer(16 * 1024);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found) return found->pw_name;
  return "nobody";
}

std::string host() {
  char name[256] = "";
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

}  // namespace

pvxs::Value credentials() {
  using pvxs::TypeCode;
  auto value = pvxs::TypeDef(TypeCode::Struct, {pvxs::members::String("user"), pvxs::members::String("host")}).create();
  value["user"] = user();
  value["host"] = host();
  return value;
}

}  // namespace pvaflow::stream
