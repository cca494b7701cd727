#include "state/keys.hpp"

#include <algorithm>
#include <array>

namespace weir::state {
namespace {

constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kLongestName = 512;

constexpr std::array kKinds{
    KeyKind{
        "run", "the pipeline's last run",
        "the next run begins anew: it reads all again, what was loaded may be loaded twice, and what was staged stays",
        true},
    KeyKind{"checkpoint", "what a run is gone on with",
            "the run can't be gone on with as it stood: rows may be lost or loaded twice", true},
    KeyKind{"delta", "what an epoch changed of what links and splits remember",
            "the run can't be gone on with as it stood: rows may be lost or loaded twice", true},
    KeyKind{"item", "what links and splits remember",
            "the run can't be gone on with as it stood: rows may be lost or loaded twice", true},
    KeyKind{"kept", "what a run came to", "weir runs shows, replays and verifies that run no more", true},
    KeyKind{"object", "a file that a run has written", "weir runs verify can't look at that file any more", true},
    KeyKind{"bookmark", "what earlier runs have read",
            "the next run reads all rows and files again, and a load that appends has them twice", true},
    KeyKind{"streams", "the streams that runs know of", "no stream counts as new in the next run", false},
    KeyKind{kOwnKind, "kept by people", "", false},
};

bool is_hexadecimal(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char letter) { return ('0' <= letter && letter <= '9') || ('a' <= letter && letter <= 'f'); });
}

}  // namespace

std::optional<PipelineKey> pipeline_key_of(std::string_view key) {
  const std::size_t slash = key.find('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  const std::string_view kind = key.substr(0, slash), behind = key.substr(slash + 1);
  const std::string_view id = behind.substr(0, kIdDigits);
  if (id.size() != kIdDigits || !is_hexadecimal(id)) return std::nullopt;
  return PipelineKey{std::string(id), std::string(kind) + std::string(behind.substr(kIdDigits))};
}

std::string key_of(std::string_view pipeline, std::string_view name) {
  const std::size_t end = std::min(name.find_first_of("-/"), name.size());
  return std::string(name.substr(0, end)) + "/" + std::string(pipeline) + std::string(name.substr(end));
}

bool is_key_name(std::string_view name) {
  const std::size_t end = std::min(name.find_first_of("-/"), name.size());
  const auto is_small = [](char letter) { return 'a' <= letter && letter <= 'z'; };
  const auto is_plain = [](char letter) { return ' ' < letter && letter < 127; };
  return end > 0 && end + 1 != name.size() && name.size() <= kLongestName &&
         std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(end), is_small) &&
         std::all_of(name.begin(), name.end(), is_plain);
}

KeyKind kind_of(std::string_view name) {
  const std::string_view kind = name.substr(0, std::min(name.find_first_of("-/"), name.size()));
  const auto known = std::find_if(kKinds.begin(), kKinds.end(), [&](const KeyKind& one) { return one.name == kind; });
  return known == kKinds.end() ? KeyKind{kind, "of a kind that this weir does not know", "", false} : *known;
}

}  // namespace weir::state
