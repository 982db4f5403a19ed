#include "distributor-request.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace pvaflow {

namespace {

std::string lowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return text;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

uint64_t updatesOf(const std::string& text) {
  constexpr size_t mostDigits = 9;
  const bool digits = !text.empty() && text.size() <= mostDigits && text.find_first_not_of("0123456789") == std::string::npos;
  const uint64_t updates = digits ? std::stoull(text) : 0;
  if (updates == 0) throw std::invalid_argument("distributor: updates must be a whole number from 1 on, found \"" + text + "\"");
  return updates;
}

DistributorRequest::Mode modeOf(const std::string& text) {
  const std::string mode = lowerCase(text);
  if (mode == "one") return DistributorRequest::Mode::one;
  if (mode == "all") return DistributorRequest::Mode::all;
  throw std::invalid_argument("distributor: mode must be one or all, found \"" + text + "\"");
}

DistributorRequest parse(const std::string& text) {
  DistributorRequest request;
  bool hasSet = false, hasMode = false;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(';', start), text.size());
    const std::string item = text.substr(start, end - start);
    start = end + 1;
    const size_t colon = item.find(':');
    if (colon == std::string::npos) continue;
    const std::string name = lowerCase(trimmed(item.substr(0, colon)));
    const std::string value = trimmed(item.substr(colon + 1));
    if (name == "group") request.group = value;
    if (name == "set") request.set = value, hasSet = true;
    if (name == "trigger") request.trigger = value;
    if (name == "updates") request.updates = updatesOf(value);
    if (name == "mode") request.mode = modeOf(value), hasMode = true;
    if (name == "id") request.id = value;
  }
  if (hasSet && !hasMode) request.mode = DistributorRequest::Mode::all;
  return request;
}

}  // namespace

std::optional<DistributorRequest> distributorRequest(const std::map<std::string, std::string>& options) {
  for (const auto& [name, text] : options) {
    const std::string lower = lowerCase(name);
    if (lower == "pydistributor" || lower == "distributor") return parse(text);
  }
  return std::nullopt;
}

}  // namespace pvaflow
