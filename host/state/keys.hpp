// Keys of the store as people see them: whose each is, of which kind, and what is lost with it. What keys are made of stands in
// places.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::state {

// A key without its pipeline: "run", "kept/RUN", "checkpoint/main/00000000000000000007", "own/cursor"; "run-RUN" is of the replay of
// a run.
struct PipelineKey {
  std::string pipeline;  // its id
  std::string name;
};

// None: it is no pipeline's.
std::optional<PipelineKey> pipeline_key_of(std::string_view key);
// Precondition: the name has a kind, is_key_name().
std::string key_of(std::string_view pipeline, std::string_view name);

// Whether it is one that a key may have: a kind of small letters, and behind a slash what a key may hold, ASCII without blanks.
bool is_key_name(std::string_view name);

struct KeyKind {
  std::string_view name;
  std::string_view what;
  std::string_view lost;  // what comes of it that an entry is taken away; empty: nothing of weir's
  bool is_hosts = false;  // only weir itself can make one that makes sense
};

// The kind of a key's name; one that this weir does not know has only a name.
KeyKind kind_of(std::string_view name);

// The kind of what people keep themselves: weir reads none of it.
constexpr std::string_view kOwnKind = "own";

}  // namespace weir::state
