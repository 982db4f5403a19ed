#pragma once
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

/** `--name value` pairs of a command line. */
class Options {
 public:
  Options(int argc, char** argv) {
    for (int i = 1; i + 1 < argc; i += 2) values_[std::string(argv[i]).substr(2)] = argv[i + 1];
  }
  std::string text(const std::string& name, const std::string& fallback) const {
    const auto found = values_.find(name);
    return found == values_.end() ? fallback : found->second;
  }
  long number(const std::string& name, long fallback) const {
    const auto found = values_.find(name);
    return found == values_.end() ? fallback : std::atol(found->second.c_str());
  }

 private:
  std::map<std::string, std::string> values_;
};
