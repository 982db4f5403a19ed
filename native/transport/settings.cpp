#include "settings.h"

#include <cstdlib>
#include <sstream>

namespace pvaflow::transport {

namespace {

bool wanted(const std::string& name) {
  const char* choice = std::getenv("PVAFLOW_TRANSPORT");
  if (!choice || !*choice) return true;
  std::istringstream names(choice);
  for (std::string one; std::getline(names, one, ',');) {
    if (one == name) return true;
  }
  return false;
}

}  // namespace

Settings::Settings() {
  for (auto* setting : all) setting->on = available && wanted(setting->name);
}

Settings& Settings::get() {
  static Settings settings;
  return settings;
}

}  // namespace pvaflow::transport
